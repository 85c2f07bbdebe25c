using EdgeProxy.Linux;
using EdgeProxy.Telemetry;
using EdgeProxy.WireGuard;

namespace EdgeProxy.DataPlane;

/// <summary>From the host to the network: a frame is read, cut, sealed where it leaves from, and sent.</summary>
internal sealed class TunnelOutbound(
    TunnelCore core, TunQueue queue, CipherSuite suite, DatagramSender sender, TunnelCounters counters) : IDisposable
{
    private const int FramesPerTurn = 8;
    private const int DataHeaderBytes = 16;
    private const int QueuedPerFrameMax = 16; // More would only push the first ones out.

    private readonly NativeBuffer _frame = new(TunQueue.FrameBytesMax);

    /// <summary>Passes on what the host has sent, a bounded part of it.</summary>
    /// <returns>False when there is nothing left.</returns>
    public bool Turn(in Moment now)
    {
        for (int i = 0; i < FramesPerTurn; i++)
        {
            SysResult got = queue.Read(_frame, 0, TunQueue.FrameBytesMax);
            if (!got.Ok) { return false; }
            counters.FramesFromHost++;
            Pass(_frame.Bytes[..got.Value], now);
        }

        return true;
    }

    /// <summary>Asks for a session; the answer is the other worker's as well as ours.</summary>
    public void Initiate(Peer peer, in Moment now)
    {
        if (peer.Endpoint is not { } endpoint) { return; }
        int length = peer.Initiate(suite, sender.Reserve(Device.ReplyBytesMax), now);
        sender.Commit(length, endpoint);
        if (length > 0) { core.RequestTick(); }
    }

    /// <summary>Sends what has waited for a session.</summary>
    public void SendQueued(Peer peer, in Moment now)
    {
        if (peer.Endpoint is not { } endpoint) { return; }
        int length;
        do
        {
            length = peer.SealQueued(suite, sender.Reserve(peer.WireBytes(ushort.MaxValue)), now.Ns);
            sender.Commit(length, endpoint);
        }
        while (length > 0);
    }

    public void Dispose() => _frame.Dispose();

    private void Pass(ReadOnlySpan<byte> frame, in Moment now)
    {
        if (SegmentPlan.TryMake(frame, out SegmentPlan plan) != FrameProblem.None)
        {
            counters.BadFrames++;
            return;
        }

        ReadOnlySpan<byte> packet = frame[VirtioHeader.Bytes..];
        if (core.Device.Route(packet) is not { } peer)
        {
            counters.NoPeer++;
            return;
        }

        if (peer.Endpoint is not { } endpoint)
        {
            counters.NoEndpoint++;
            return;
        }

        byte trafficClass = TunnelEcn.Outer(plan.Ip.TrafficClass(packet));
        SealReadiness readiness = peer.TryBeginSeal(plan.Count, now.Ns, out SealBatch batch);
        if (readiness == SealReadiness.NoSession)
        {
            Queue(peer, frame, plan);
            Initiate(peer, now);
            return;
        }

        for (int i = 0; i < plan.Count; i++)
        {
            int bytes = plan.BytesOf(i);
            Span<byte> datagram = sender.Reserve(peer.WireBytes(bytes));
            Write(frame, plan, i, datagram[DataHeaderBytes..]);
            sender.Commit(batch.Seal(suite, datagram, bytes), endpoint, trafficClass);
        }

        batch.Dispose();
        if (readiness == SealReadiness.ReadyAndRekeyDue) { Initiate(peer, now); }
    }

    private void Queue(Peer peer, ReadOnlySpan<byte> frame, in SegmentPlan plan)
    {
        for (int i = 0; i < Math.Min(plan.Count, QueuedPerFrameMax); i++)
        {
            Span<byte> place = sender.Reserve(plan.BytesOf(i));
            Write(frame, plan, i, place);
            peer.Enqueue(place);
        }
    }

    private void Write(ReadOnlySpan<byte> frame, in SegmentPlan plan, int index, Span<byte> target)
    {
        int bytes = plan.Write(frame, index, target);
        if (plan.Count == 1) { MssClamp.Apply(target[..bytes], plan.Ip, core.Mtu); }
    }
}
