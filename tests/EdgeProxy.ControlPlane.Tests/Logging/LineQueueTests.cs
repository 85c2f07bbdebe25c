namespace EdgeProxy.ControlPlane.Tests;

public sealed class LineQueueTests
{
    [Fact]
    public void Queue_WhenFilledAndEmptiedInAnyOrder_BehavesLikeAList()
    {
        Random random = new(11);
        LineQueue queue = new(257);
        List<byte> model = [];
        long refused = 0;
        for (int step = 0; step < 50_000; step++)
        {
            if (random.Next(2) == 0)
            {
                byte[] line = new byte[random.Next(1, 90)];
                random.NextBytes(line);
                bool added = queue.TryAdd(line);
                Assert.Equal(model.Count + line.Length <= 257, added);
                if (added) { model.AddRange(line); }
                else { refused++; }
            }
            else
            {
                byte[] target = new byte[random.Next(1, 300)];
                int taken = queue.Take(target);
                Assert.Equal(model.Take(target.Length), target.Take(taken));
                model.RemoveRange(0, taken);
            }

            Assert.Equal(refused, queue.Dropped);
        }
    }
}
