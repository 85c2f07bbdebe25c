namespace EdgeProxy.WireGuard.Tests;

public sealed class ReplayWindowTests
{
    [Fact]
    public void Window_WhenMeasured_IsAtLeastEightThousand() => Assert.InRange(ReplayWindow.Size, 8000, 8192);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Window_WhenComparedToANaiveSet_AgreesOnEveryCounter(int seed)
    {
        Random random = new(seed);
        ReplayWindow window = new();
        HashSet<ulong> seen = [];
        ulong next = seed == 4 ? (1UL << 63) : 0;
        if (next > 0) { Assert.True(window.TryAccept(next - 1) && seen.Add(next - 1)); }
        for (int step = 0; step < 200_000; step++)
        {
            ulong counter = random.Next(20) switch
            {
                < 10 => next + (ulong)random.Next(3),
                < 16 => next - Math.Min(next, (ulong)random.Next(200)),
                < 18 => next - Math.Min(next, (ulong)random.Next(ReplayWindow.Size + 200)),
                18 => next - Math.Min(next, (ulong)ReplayWindow.Size + (ulong)random.Next(-2, 3)),
                _ => next + (ulong)(random.Next(100) == 0 ? random.Next(30_000) : random.Next(100)),
            };
            bool expected = !(counter < next && next - counter > ReplayWindow.Size) && seen.Add(counter);
            Assert.True(expected == window.TryAccept(counter), $"step {step}: {counter} with {next} next");
            next = Math.Max(next, counter + 1);
        }
    }

    [Fact]
    public void Window_WhenItJumpsFar_ForgetsEverything()
    {
        ReplayWindow window = new();
        Assert.True(window.TryAccept(5));
        Assert.True(window.TryAccept(1UL << 60));
        Assert.False(window.TryAccept(6));
        Assert.True(window.IsBehind(6));
        Assert.True(window.TryAccept((1UL << 60) - ReplayWindow.Size + 1));
        Assert.False(window.TryAccept((1UL << 60) - ReplayWindow.Size));
    }
}
