using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Telemetry;
using EdgeProxy.WireGuard;

namespace EdgeProxy.DataPlane;

/// <summary>
/// From the network to the host: datagrams are opened where they arrived, joined, and written to the interface.
/// </summary>
internal sealed class TunnelInbound(
    TunnelCore core,
    TunQueue queue,
    CipherSuite suite,
    DatagramSender sender,
    TunnelOutbound outbound,
    TunnelCounters counters) : IDisposable
{
    private const int MessagesMax = 4; // 256 KB at most: what is opened is still in the cache when it is written.
    private const int PacketsMax = 1024;

    private readonly UdpReceiveBatch _batch = new(MessagesMax);
    private readonly PacketCoalescer _coalescer = new(PacketsMax);

    /// <summary>Passes on what has arrived, a bounded part of it.</summary>
    /// <returns>False when there is nothing left.</returns>
    public bool Turn(UdpSocket socket, in Moment now)
    {
        if (!socket.Receive(_batch).Ok) { return false; }
        for (int i = 0; i < _batch.Count; i++)
        {
            UdpMessage message = _batch[i];
            if (message.IsTruncated)
            {
                counters.Truncated++;
                continue;
            }

            Take(message, now);
        }

        WriteFrames();
        return _batch.Count == MessagesMax;
    }

    public void Dispose() => _batch.Dispose();

    private void Take(in UdpMessage message, in Moment now)
    {
        SocketAddress from = message.Source, local = message.Local;
        Endpoint source = new(from.High, from.Low, from.Port, 0, local.High, local.Low);
        int end = message.Offset + message.Length;
        for (int at = message.Offset; at < end; at += message.SegmentBytes)
        {
            int length = Math.Min(message.SegmentBytes, end - at);
            Span<byte> reply = sender.Reserve(Device.ReplyBytesMax);
            Span<byte> datagram = _batch.Buffer.Bytes.Slice(at, length);
            ReceiveOutcome outcome = core.Device.Receive(suite, datagram, source, now, reply);
            if (outcome.Kind == ReceiveKind.Tunnel) { Join(at + outcome.Offset, outcome.Length, message.TrafficClass); }
            else if (outcome.Kind == ReceiveKind.Reply) { sender.Commit(outcome.Length, source); }
            if (outcome.FollowUps != FollowUps.None) { FollowUp(outcome.Peer!, outcome.FollowUps, now); }
        }
    }

    private void FollowUp(Peer peer, FollowUps followUps, in Moment now)
    {
        if ((followUps & FollowUps.SendQueued) != 0) { outbound.SendQueued(peer, now); }
        if ((followUps & FollowUps.Initiate) != 0) { outbound.Initiate(peer, now); }
        if ((followUps & FollowUps.Tick) != 0) { core.RequestTick(); }
    }

    private void Join(int offset, int length, byte trafficClass)
    {
        Span<byte> packet = _batch.Buffer.Bytes.Slice(offset, length);
        if (!PacketHeader.TryParse(packet, out PacketHeader header))
        {
            counters.BadFrames++;
            return;
        }

        _ = TunnelEcn.Combine(packet, header, trafficClass);
        MssClamp.Apply(packet, header, core.Mtu);
        if (_coalescer.TryAdd(_batch.Buffer.Bytes, offset, header)) { return; }
        WriteFrames();
        Invariant.Holds(_coalescer.TryAdd(_batch.Buffer.Bytes, offset, header));
    }

    private void WriteFrames()
    {
        for (int i = 0; i < _coalescer.Count; i++)
        {
            if (queue.Write(_batch.Buffer, _coalescer.Take(_batch.Buffer.Bytes, i)).Ok) { counters.FramesToHost++; }
            else { counters.HostRefused++; }
        }

        _coalescer.Clear();
    }
}
