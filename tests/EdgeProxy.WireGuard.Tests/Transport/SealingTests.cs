using System.Buffers.Binary;

namespace EdgeProxy.WireGuard.Tests;

public sealed class SealingTests
{
    [Fact]
    public void Session_WhenSealedAndOpenedByManyThreads_UsesEveryCounterOnceAndTakesEveryPacketOnce()
    {
        const int Threads = 4;
        const int BatchesEach = 100;
        const int PacketsEach = 10;
        using TestPair pair = new();
        pair.Connect();
        byte[][] sealedPackets = new byte[Threads * BatchesEach * PacketsEach][];
        Parallel.For(0, Threads, thread =>
        {
            using CipherSuite suite = new();
            for (int i = 0; i < BatchesEach; i++)
            {
                SealReadiness ready = pair.LeftPeer.TryBeginSeal(PacketsEach, pair.Now.Ns, out SealBatch batch);
                Assert.Equal(SealReadiness.Ready, ready);
                for (int j = 0; j < PacketsEach; j++)
                {
                    int number = (((thread * BatchesEach) + i) * PacketsEach) + j;
                    byte[] packet = TestNode.Packet(pair.Left, pair.Right, number, 100);
                    byte[] buffer = [.. new byte[16], .. packet, .. new byte[28]];
                    Assert.Equal(buffer.Length, batch.Seal(suite, buffer, packet.Length));
                    sealedPackets[number] = buffer;
                }

                batch.Dispose();
            }
        });
        ulong[] counters =
            [.. sealedPackets.Select(static p => BinaryPrimitives.ReadUInt64LittleEndian(p.AsSpan(8))).Order()];
        Assert.Equal(counters.Distinct(), counters);
        Assert.Equal(counters[0] + (ulong)counters.Length - 1, counters[^1]);

        int taken = 0;
        int replayed = 0;
        Parallel.For(0, Threads, thread =>
        {
            using CipherSuite suite = new();
            byte[] reply = new byte[Device.ReplyBytesMax];
            for (int number = 0; number < sealedPackets.Length; number++)
            {
                byte[] copy = [.. sealedPackets[(number + (thread * 999)) % sealedPackets.Length]];
                ReceiveOutcome outcome =
                    pair.Right.Device.Receive(suite, copy, pair.Left.Endpoint, pair.Now, reply);
                if (outcome.Kind == ReceiveKind.Tunnel) { Interlocked.Increment(ref taken); }
                if (outcome.Reason == DropReason.Replayed) { Interlocked.Increment(ref replayed); }
            }
        });
        Assert.Equal(sealedPackets.Length, taken);
        Assert.Equal(sealedPackets.Length * (Threads - 1), replayed);
    }

    [Fact]
    public void Batch_WhenSplit_GivesTheFirstCountersAway()
    {
        using TestPair pair = new();
        pair.Connect();
        Assert.Equal(SealReadiness.Ready, pair.LeftPeer.TryBeginSeal(4, pair.Now.Ns, out SealBatch batch));
        SealBatch first = batch.TakeFirst(3);
        Assert.Equal((3, 1), (first.Left, batch.Left));
        ulong last = Seal(pair, ref batch);
        ulong[] before = [Seal(pair, ref first), Seal(pair, ref first), Seal(pair, ref first)];
        Assert.Equal([last - 3, last - 2, last - 1], before);
        Assert.Throws<InvalidOperationException>(() => Seal(pair, ref batch));
        first.Dispose();
        batch.Dispose();
        Assert.Throws<InvalidOperationException>(() => Seal(pair, ref batch));
    }

    [Fact]
    public void Batch_WhenThePeerIsRemovedMeanwhile_StillSealsUnderTheTrueKey()
    {
        using TestPair pair = new();
        pair.Connect();
        Assert.Equal(SealReadiness.Ready, pair.LeftPeer.TryBeginSeal(2, pair.Now.Ns, out SealBatch batch));
        pair.Left.Device.Remove(pair.LeftPeer);
        SealBatch first = batch.TakeFirst(1);
        byte[] packet = TestNode.Packet(pair.Left, pair.Right, 1, 96);
        foreach (bool isFirst in new[] { true, false })
        {
            byte[] buffer = [.. new byte[16], .. packet, .. new byte[16]];
            _ = isFirst ? first.Seal(pair.Left.Suite, buffer, 96) : batch.Seal(pair.Left.Suite, buffer, 96);
            Assert.Equal(
                ReceiveKind.Tunnel, pair.Right.FromNetwork(buffer, pair.Left.Endpoint, pair.Now).Kind);
        }

        first.Dispose();
        batch.Dispose();
        Assert.Equal(SealReadiness.NoSession, pair.LeftPeer.TryBeginSeal(1, pair.Now.Ns, out _));
    }

    [Fact]
    public void Packets_WhenSealedAndOpened_AllocateNothing()
    {
        using TestPair pair = new();
        pair.Connect();
        byte[] packet = TestNode.Packet(pair.Left, pair.Right, 1, 1420);
        byte[] buffer = new byte[1420 + 32];
        byte[] reply = new byte[Device.ReplyBytesMax];
        int Pass()
        {
            packet.CopyTo(buffer, 16);
            if (pair.Left.Device.Route(packet) != pair.LeftPeer) { return -1; }
            if (pair.LeftPeer.TryBeginSeal(1, pair.Now.Ns, out SealBatch batch) != SealReadiness.Ready) { return -2; }
            int length = batch.Seal(pair.Left.Suite, buffer, packet.Length);
            batch.Dispose();
            return pair.Right.Device.Receive(
                pair.Right.Suite, buffer.AsSpan(0, length), pair.Left.Endpoint, pair.Now, reply).Length;
        }

        for (int i = 0; i < 100; i++) { Assert.Equal(packet.Length, Pass()); }
        int sum = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) { sum += Pass(); }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(100 * packet.Length, sum);
    }

    private static ulong Seal(TestPair pair, ref SealBatch batch)
    {
        byte[] buffer = new byte[64];
        _ = batch.Seal(pair.Left.Suite, buffer, 0);
        return BinaryPrimitives.ReadUInt64LittleEndian(buffer.AsSpan(8));
    }
}
