namespace EdgeProxy.WireGuard.Tests;

public sealed class ReceivingTests
{
    private static readonly Endpoint s_elsewhere = new(0, 0xFFFF_C0A8_0101, 9);

    [Fact]
    public void Datagram_WhenSentTwice_IsTakenOnce()
    {
        using TestPair pair = new();
        pair.Connect();
        pair.SendLeft(1);
        byte[] copy = pair.LastSent!;
        pair.Settle();
        Assert.Equal(DropReason.Replayed, pair.Right.FromNetwork(copy, pair.Left.Endpoint, pair.Now).Reason);
        Assert.Single(pair.Right.Delivered);
        Assert.Equal(1, pair.RightPeer.Drops[DropReason.Replayed]);
    }

    [Fact]
    public void Endpoint_WhenThePeerMoves_FollowsAuthenticDatagramsOnly()
    {
        using TestPair pair = new();
        pair.Connect();
        Endpoint home = pair.Left.Endpoint;
        pair.Passes = static (_, _) => false;
        pair.SendLeft(1);
        byte[] replayed = [.. pair.LastSent!];
        pair.SendLeft(2);
        byte[] forged = [.. pair.LastSent!];
        forged[20] ^= 1;
        Assert.Equal(DropReason.NotAuthentic, pair.Right.FromNetwork(forged, s_elsewhere, pair.Now).Reason);
        Assert.Equal(home, pair.RightPeer.Endpoint);
        pair.Right.FromNetwork([.. replayed], home, pair.Now);
        Assert.Equal(DropReason.Replayed, pair.Right.FromNetwork(replayed, s_elsewhere, pair.Now).Reason);
        Assert.Equal(home, pair.RightPeer.Endpoint);

        pair.Passes = null;
        pair.Left.Endpoint = s_elsewhere;
        pair.SendLeft(3);
        pair.Settle();
        Assert.Equal(s_elsewhere, pair.RightPeer.Endpoint);
        Assert.Equal(1, pair.RightPeer.EndpointChanges);
    }

    [Fact]
    public void InnerPacket_WhenItsSourceIsNotThePeers_IsDropped()
    {
        using TestPair pair = new();
        using TestNode stranger = new(9, 9);
        pair.Connect();
        pair.Left.FromTunnel(TestNode.Packet(stranger, pair.Right, 1, 60), pair.Now);
        pair.Left.FromTunnel(TestNode.Packet(stranger, pair.Right, 1, 60, isIPv4: false), pair.Now);
        pair.Settle();
        Assert.Empty(pair.Right.Delivered);
        Assert.Equal(2, pair.RightPeer.Drops[DropReason.ForeignSource]);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(28)]
    [InlineData(1419)]
    [InlineData(1420)]
    public void InnerPacket_WhenOfAnyLengthUpToTheMtu_ArrivesAsItWasAndFitsThePath(int length)
    {
        using TestPair pair = new();
        pair.Connect();
        pair.Left.FromTunnel(Sized(pair, length), pair.Now);
        Assert.InRange(pair.LastSent!.Length, length + 32, 1420 + 32);
        pair.Settle();
        Assert.Equal(Sized(pair, length), Assert.Single(pair.Right.Delivered));
    }

    [Fact]
    public void InnerPacket_WhenIPv6_GoesThroughToo()
    {
        using TestPair pair = new();
        pair.Connect();
        byte[] packet = TestNode.Packet(pair.Left, pair.Right, 5, 99, isIPv4: false);
        pair.Left.FromTunnel([.. packet], pair.Now);
        pair.Settle();
        Assert.Equal(packet, Assert.Single(pair.Right.Delivered));
    }

    [Fact]
    public void InnerPacket_WhenItsHeaderSaysMoreThanThereIs_IsDropped()
    {
        using TestPair pair = new();
        pair.Connect();
        byte[] packet = TestNode.Packet(pair.Left, pair.Right, 5, 64);
        packet[3] = 81;
        byte[] buffer = [.. new byte[16], .. packet, .. new byte[32]];
        Assert.Equal(SealReadiness.Ready, pair.LeftPeer.TryBeginSeal(1, pair.Now.Ns, out SealBatch batch));
        int length = batch.Seal(pair.Left.Suite, buffer, packet.Length);
        batch.Dispose();
        ReceiveOutcome outcome = pair.Right.FromNetwork(buffer[..length], pair.Left.Endpoint, pair.Now);
        Assert.Equal(DropReason.BadInnerPacket, outcome.Reason);
    }

    [Fact]
    public void Initiation_WhenReplayed_IsNotAnswered()
    {
        using TestPair pair = new();
        pair.SendLeft();
        byte[] initiation = pair.LastSent!;
        pair.Settle();
        pair.Pass(1);
        Assert.Equal(DropReason.OldTimestamp, pair.Right.FromNetwork(initiation, s_elsewhere, pair.Now).Reason);
        Assert.Equal(pair.Left.Endpoint, pair.RightPeer.Endpoint);
    }

    [Fact]
    public void Initiations_WhenTooCloseTogether_AreNotAllAnswered()
    {
        using TestPair pair = new();
        pair.SendLeft();
        pair.Settle();
        pair.Left.Restart(); // Forgets that it asked a moment ago.
        Peer peer = pair.Left.Know(pair.Right);
        Moment soon = new(pair.Now.Ns + 1_000_000, pair.Now.UnixNs + Timers.Second);
        byte[] again = new byte[148];
        Assert.Equal(148, peer.Initiate(pair.Left.Suite, again, soon));
        Assert.Equal(DropReason.TooSoon, pair.Right.FromNetwork([.. again], pair.Left.Endpoint, soon).Reason);
        Moment later = soon with { Ns = soon.Ns + Timers.InitiationSpacing };
        Assert.Equal(ReceiveKind.Reply, pair.Right.FromNetwork(again, pair.Left.Endpoint, later).Kind);
    }

    [Fact]
    public void Initiation_WhenTheClockWasSetBack_CarriesALaterTimestampAllTheSame()
    {
        using TestPair pair = new();
        pair.SendLeft();
        pair.Settle();
        Moment later = new(pair.Now.Ns + (200 * Timers.Second), pair.Now.UnixNs - (3600 * Timers.Second));
        byte[] again = new byte[148];
        Assert.Equal(148, pair.LeftPeer.Initiate(pair.Left.Suite, again, later));
        Assert.Equal(ReceiveKind.Reply, pair.Right.FromNetwork(again, pair.Left.Endpoint, later).Kind);
    }

    [Fact]
    public void Response_WhenForgedFirst_DoesNotSpoilTheTrueOne()
    {
        using TestPair pair = new() { Passes = static (from, _) => from.Number == 1 };
        pair.SendLeft();
        pair.Settle();
        byte[] response = pair.LastSent!;
        Assert.Equal(2, response[0]);
        for (int at = 12; at < 60; at++)
        {
            byte[] forged = [.. response];
            forged[at] ^= 4;
            Forging.FixMac1(forged, pair.Left.Device.PublicKey);
            Assert.Equal(DropReason.NotAuthentic, pair.Left.FromNetwork(forged, s_elsewhere, pair.Now).Reason);
        }

        Assert.Equal(DropReason.None, pair.Left.FromNetwork(response, pair.Right.Endpoint, pair.Now).Reason);
        Assert.NotNull(pair.LeftPeer.Current);
    }

    [Fact]
    public void Initiation_WhenFromAStranger_IsNotAnswered()
    {
        using TestPair pair = new();
        using TestNode stranger = new(9, 9);
        Peer peer = stranger.Know(pair.Right);
        byte[] initiation = new byte[148];
        _ = peer.Initiate(stranger.Suite, initiation, pair.Now);
        Assert.Equal(DropReason.UnknownPeer, pair.Right.FromNetwork(initiation, stranger.Endpoint, pair.Now).Reason);
    }

    [Fact]
    public void Peer_WhenRemoved_IsCutAtOnceAndItsKeysAreWiped()
    {
        using TestPair pair = new();
        pair.Connect();
        pair.SendLeft(1);
        byte[] sent = pair.LastSent!;
        Session session = pair.RightPeer.Current!;
        pair.Right.Device.Remove(pair.RightPeer);
        Assert.Equal(DropReason.UnknownIndex, pair.Right.FromNetwork(sent, pair.Left.Endpoint, pair.Now).Reason);
        Assert.True(session.IsWiped);
        Assert.Null(pair.Right.Device.Route(TestNode.Packet(pair.Right, pair.Left, 1, 40)));
        Assert.Null(pair.Right.Device.Find(pair.Left.Device.PublicKey));
        Assert.Equal(SealReadiness.NoSession, pair.RightPeer.TryBeginSeal(1, pair.Now.Ns, out _));
        Assert.Equal(0, pair.RightPeer.Initiate(pair.Right.Suite, new byte[148], pair.Now));
        Assert.Equal(Moment.Forever, pair.RightPeer.Tick(pair.Right.Suite, new byte[148], pair.Now).DueNs);
        Assert.False(pair.RightPeer.Enqueue([1]));
        Assert.Equal(0, pair.Right.Device.Indexes.Count);
    }

    [Fact]
    public void Counters_WhenPacketsPass_CountWhatGoesOverTheWire()
    {
        using TestPair pair = new();
        pair.SendLeft(1, 100);
        pair.Settle();
        Assert.Equal((148 + 144, 2), (pair.LeftPeer.SentBytes, pair.LeftPeer.SentPackets));
        Assert.Equal((92, 1), (pair.LeftPeer.ReceivedBytes, pair.LeftPeer.ReceivedPackets));
        Assert.Equal((148 + 144, 2), (pair.RightPeer.ReceivedBytes, pair.RightPeer.ReceivedPackets));
    }

    private static byte[] Sized(TestPair pair, int length)
    {
        byte[] packet = TestNode.Packet(pair.Left, pair.Right, 3, Math.Max(length, 28))[..length];
        packet[2] = (byte)(length >> 8);
        packet[3] = (byte)length;
        return packet;
    }
}
