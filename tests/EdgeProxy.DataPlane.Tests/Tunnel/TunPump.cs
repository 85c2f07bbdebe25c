using EdgeProxy.Linux;
using EdgeProxy.Testing;

namespace EdgeProxy.DataPlane.Tests;

/// <summary>
/// Two TUNs joined by the packet functions alone: what one hands over is cut for the wire, looked at as a receiver
/// would, joined again and given to the other, both ways, until <see cref="Dispose"/>.
/// </summary>
internal sealed class TunPump : IDisposable
{
    private const int StrideBytes = 2_048;
    private const int HeadroomBytes = 16;
    private const int PacketsMax = 256;
    private const int ClampedMtu = 1_300; // Below the interfaces', so that it shows.
    private readonly TunDevice[] _ends;
    private readonly NativeBuffer _frame = new(TunQueue.FrameBytesMax);
    private readonly NativeBuffer _wire = new(PacketsMax * StrideBytes);
    private readonly PacketCoalescer _coalescer = new(PacketsMax);
    private readonly WakeEvent _stop = new();
    private readonly Thread _thread;
    private readonly bool _arranges;
    private int _packets;

    public TunPump(TunDevice one, TunDevice other, bool arranges)
    {
        _ends = [one, other];
        _arranges = arranges;
        _thread = new Thread(Run);
        _thread.Start();
    }

    /// <summary>Frames read that became several packets.</summary>
    public int FramesCut { get; private set; }

    /// <summary>Frames written that were several packets.</summary>
    public int FramesJoined { get; private set; }

    /// <summary>What went wrong, in words.</summary>
    public List<string> Problems { get; } = [];

    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
        _frame.Dispose();
        _wire.Dispose();
    }

    private void Run()
    {
        PollEntry[] entries =
        [
            .. _ends.Select(static end => new PollEntry(end.Queues[0].Descriptor, PollEvents.Readable)),
            new PollEntry(_stop.Descriptor, PollEvents.Readable),
        ];
        while (SlowPoll.Wait(entries, -1).Ok && entries[2].Returned == 0)
        {
            Carry(_ends[0].Queues[0], _ends[1].Queues[0]);
            Carry(_ends[1].Queues[0], _ends[0].Queues[0]);
        }
    }

    private void Carry(TunQueue from, TunQueue to)
    {
        while (true)
        {
            SysResult read = from.Read(_frame, 0, _frame.Bytes.Length);
            if (!read.Ok) { break; }
            Cut(_frame.Bytes[..read.Value], to);
        }

        Flush(to);
    }

    private void Cut(Span<byte> frame, TunQueue to)
    {
        FrameProblem problem = SegmentPlan.TryMake(frame, out SegmentPlan plan);
        if (problem != FrameProblem.None)
        {
            Problems.Add($"{problem}: {Convert.ToHexString(frame[..Math.Min(frame.Length, 80)])}");
            return;
        }

        if (plan.Count > 1) { FramesCut++; }
        for (int i = 0; i < plan.Count; i++)
        {
            if (_packets == PacketsMax) { Flush(to); }
            int offset = (_packets * StrideBytes) + HeadroomBytes;
            Span<byte> target = _wire.Bytes.Slice(offset, plan.BytesOf(i));
            if (_arranges && plan.CanBeArranged) { frame.Slice(plan.Arrange(frame, i), target.Length).CopyTo(target); }
            else { plan.Write(frame, i, target); }
            if (!PacketHeader.TryParse(target, out PacketHeader header)) { Problems.Add("no header"); }
            MssClamp.Apply(target[..header.TotalBytes], header, ClampedMtu);
            if (!_coalescer.TryAdd(_wire.Bytes, offset, header)) { Problems.Add("no room"); }
            _packets++;
        }
    }

    private void Flush(TunQueue to)
    {
        for (int i = 0; i < _coalescer.Count; i++)
        {
            ReadOnlySpan<BufferPiece> pieces = _coalescer.Take(_wire.Bytes, i);
            if (pieces.Length > 1) { FramesJoined++; }
            SysResult written = to.Write(_wire, pieces);
            if (!written.Ok) { Problems.Add($"write: {written.Error}"); }
        }

        _coalescer.Clear();
        _packets = 0;
    }
}
