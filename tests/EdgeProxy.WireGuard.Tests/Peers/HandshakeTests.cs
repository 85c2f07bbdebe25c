namespace EdgeProxy.WireGuard.Tests;

public sealed class HandshakeTests
{
    [Fact]
    public void Handshake_WhenAPacketWantsToGo_TakesTwoMessagesAndThePacketFollows()
    {
        using TestPair pair = new();
        pair.SendLeft(7, 1000);
        pair.Settle();
        Assert.Equal(
            [(1, 1, 148), (2, 2, 92), (1, 4, 16 + 1008 + 16)], pair.Log.Select(static m => (m.From, m.Type, m.Length)));
        Assert.Equal(TestNode.Packet(pair.Left, pair.Right, 7, 1000), Assert.Single(pair.Right.Delivered));
        pair.SendRight(8);
        pair.Settle();
        Assert.Equal(TestNode.Packet(pair.Right, pair.Left, 8, 100), Assert.Single(pair.Left.Delivered));
        Assert.Equal(1, pair.LeftPeer.Handshakes);
        Assert.Equal(1, pair.RightPeer.Handshakes);
        Assert.Equal(pair.Now.UnixNs, pair.RightPeer.LastHandshakeUnixNs);
    }

    [Fact]
    public void Handshake_WhenNothingWaits_IsConfirmedByAKeepalive()
    {
        using TestPair pair = new();
        pair.Left.Initiate(pair.LeftPeer, pair.Now);
        pair.Settle();
        Assert.Equal([(1, 1, 148), (2, 2, 92), (1, 4, 32)], pair.Log.Select(static m => (m.From, m.Type, m.Length)));
        Assert.Empty(pair.Right.Delivered);
    }

    [Fact]
    public void Responder_WhenNotConfirmed_SendsNothingUnderTheNewSession()
    {
        using TestPair pair = new();
        pair.Passes = static (from, bytes) => from.Number != 1 || bytes[0] != 4;
        pair.SendLeft();
        pair.Settle();
        pair.SendRight();
        Assert.Equal(0, pair.Count(pair.Right, 4));
        Assert.Equal((0, 0), (pair.RightPeer.Handshakes, pair.RightPeer.LastHandshakeUnixNs));
    }

    [Fact]
    public void Packets_WhenSentBeforeTheHandshake_ArriveInOrderAndTheOldestAreForgotten()
    {
        using TestPair pair = new();
        for (int i = 0; i < PacketQueue.PacketsMax + 3; i++) { pair.SendLeft(i); }
        pair.Settle();
        Assert.Equal(
            Enumerable.Range(3, PacketQueue.PacketsMax).Select(i => TestNode.Packet(pair.Left, pair.Right, i, 100)),
            pair.Right.Delivered);
        Assert.Equal(3, pair.LeftPeer.Drops[DropReason.QueueFull]);
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public void Handshake_WhenThereIsAPresharedKey_NeedsItAtBothEnds(bool left, bool right, bool works)
    {
        using TestPair pair = new();
        byte[] key = [.. Enumerable.Range(0, 32).Select(static i => (byte)i)];
        if (left) { pair.LeftPeer.SetPresharedKey(key); }
        if (right) { pair.RightPeer.SetPresharedKey(key); }
        Assert.Equal(left, pair.LeftPeer.HasPresharedKey);
        pair.SendLeft();
        pair.Settle();
        Assert.Equal(works ? 1 : 0, pair.Right.Delivered.Count);
        Assert.Equal(works ? [] : [DropReason.NotAuthentic], pair.Left.Dropped);
    }

    [Fact]
    public void Handshakes_WhenBothBeginAtOnce_LeaveOneTunnelThatWorks()
    {
        using TestPair pair = new();
        pair.SendLeft(1);
        pair.SendRight(2);
        pair.Settle();
        Assert.Single(pair.Right.Delivered);
        Assert.Single(pair.Left.Delivered);
        for (int i = 3; i < 10; i++)
        {
            pair.SendLeft(i);
            pair.SendRight(i);
        }

        pair.Settle();
        Assert.Equal(8, pair.Right.Delivered.Count);
        Assert.Equal(8, pair.Left.Delivered.Count);
        Assert.Empty(pair.Left.Dropped);
        Assert.Empty(pair.Right.Dropped);
    }
}
