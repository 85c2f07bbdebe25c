using EdgeProxy.WireGuard;

namespace EdgeProxy.DataPlane.Tests;

public sealed class TunnelDropsTests
{
    [Fact]
    public void Words_WhenComparedToTheProtocolsReasons_LeaveNoneOut()
    {
        IEnumerable<string> words = TunnelDrops.DeviceWords.Union(TunnelDrops.PeerWords)
            .Select(static word => word.Replace("_", "", StringComparison.Ordinal));
        IEnumerable<string> reasons = Enum.GetNames<DropReason>().Except([nameof(DropReason.None)]);
        Assert.Equal(
            reasons.Order(StringComparer.OrdinalIgnoreCase), words.Order(StringComparer.OrdinalIgnoreCase),
            StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public void Counts_WhenPacketsAreDropped_StandAtTheirWord()
    {
        using CipherSuite suite = new();
        using Device device = new(suite, new byte[32], static bytes => bytes.Fill(1));
        byte[] reply = new byte[Device.ReplyBytesMax];
        _ = device.Receive(suite, new byte[7], default, default, reply); // Too short for any message.
        byte[] data = new byte[32];
        data[0] = 4;
        _ = device.Receive(suite, data, default, default, reply); // Of a session there is none of.
        long[] counts = TunnelDrops.OfDevice(device.Drops);
        Assert.Equal(TunnelDrops.DeviceWords.Count, counts.Length);
        for (int i = 0; i < counts.Length; i++)
        {
            Assert.Equal(TunnelDrops.DeviceWords[i] is "malformed" or "unknown_index" ? 1 : 0, counts[i]);
        }

        Peer peer = device.Add(new PublicKey([9, .. new byte[31]]))!;
        for (int i = 0; i < 17; i++) { _ = peer.Enqueue(data); }
        Assert.Equal(16, peer.QueuedPackets);
        counts = TunnelDrops.OfPeer(peer.Drops);
        Assert.Equal(TunnelDrops.PeerWords.Count, counts.Length);
        for (int i = 0; i < counts.Length; i++)
        {
            Assert.Equal(TunnelDrops.PeerWords[i] == "queue_full" ? 1 : 0, counts[i]);
        }

    }
}
