using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Telemetry;
using EdgeProxy.WireGuard;

namespace EdgeProxy.DataPlane;

/// <summary>
/// What one worker sends: datagrams are made where they leave from, one behind the other, and those of one peer that
/// are equally long go out in one call (UDP_SEGMENT). Reserve a place, fill it, <see cref="Commit"/>; <see
/// cref="Flush"/> sends.
/// </summary>
internal sealed class DatagramSender : IDisposable
{
    /// <summary>Sent when so much has been made: it is still in the cache when the kernel copies it.</summary>
    private const int FlushBytes = 192 * 1024;

    /// <summary>
    /// Room for what one frame of 64 KB becomes at the smallest segments a host may ask for, and its overhead.
    /// </summary>
    private const int ArenaBytes = FlushBytes + (256 * 1024);

    private const int MessagesMax = 256;
    private const int FullSocketWaitMs = 20;

    private readonly TunnelCore _core;
    private readonly TunnelCounters _counters;
    private readonly Endpoint[] _sentTo = new Endpoint[MessagesMax]; // By tag.
    private readonly NativeBuffer _arena = new(ArenaBytes);
    private UdpSocket _socket;
    private UdpSendBatch _batch;
    private int _end;          // Of what is committed.
    private int _runStart;     // Datagrams that may still leave together.
    private int _runSegment;   // Length of each but the last; 0 when there is no run.
    private bool _runIsClosed; // Its last one is shorter.
    private Endpoint _runTo;
    private byte _runClass;
    private int _runs;         // In the batch.

    public DatagramSender(TunnelCore core, UdpSocket socket, TunnelCounters counters)
    {
        _core = core;
        _counters = counters;
        _socket = socket;
        _batch = new UdpSendBatch(socket, MessagesMax);
    }

    /// <summary>Sends by another socket from here on.</summary>
    public void Use(UdpSocket socket)
    {
        Flush();
        _batch.Dispose();
        _socket = socket;
        _batch = new UdpSendBatch(socket, MessagesMax);
    }

    /// <summary>A place for one datagram; nothing else may be reserved before it is committed or forgotten.</summary>
    public Span<byte> Reserve(int bytes)
    {
        if (_end >= FlushBytes || _end + bytes > ArenaBytes) { Flush(); }
        return _arena.Bytes.Slice(_end, bytes);
    }

    /// <summary>Takes the datagram that stands at the reserved place.</summary>
    /// <param name="bytes">Its length; 0 is none.</param>
    /// <param name="to">Where to.</param>
    /// <param name="trafficClass">DSCP and ECN of the outer packet.</param>
    public void Commit(int bytes, in Endpoint to, byte trafficClass = 0)
    {
        if (bytes == 0) { return; }
        bool joins = _runSegment > 0 && !_runIsClosed && bytes <= _runSegment
            && trafficClass == _runClass && to == _runTo;
        if (!joins)
        {
            CloseRun();
            _runStart = _end;
            _runSegment = bytes;
            _runTo = to;
            _runClass = trafficClass;
        }

        _runIsClosed = bytes < _runSegment;
        _end += bytes;
    }

    /// <summary>Hands everything to the kernel.</summary>
    public void Flush()
    {
        CloseRun();
        SendBatch();
        _end = 0;
    }

    public void Dispose()
    {
        _batch.Dispose();
        _arena.Dispose();
    }

    private void CloseRun()
    {
        if (_runSegment == 0) { return; }
        if (!TryAddRun())
        {
            SendBatch();
            Invariant.Holds(TryAddRun());
        }

        _runSegment = 0;
        _runIsClosed = false;
    }

    private bool TryAddRun()
    {
        if (_runs == MessagesMax) { return false; }
        BufferPiece run = new(_runStart, _end - _runStart);
        SocketAddress to = SocketAddress.From(_runTo.High, _runTo.Low, _runTo.Port);
        SocketAddress from = (_runTo.LocalHigh | _runTo.LocalLow) == 0
            ? default
            : SocketAddress.From(_runTo.LocalHigh, _runTo.LocalLow, 0);
        if (!_batch.TryAdd(_arena, run, _runSegment, to, from, _runClass, _runs)) { return false; }
        _sentTo[_runs++] = _runTo;
        return true;
    }

    /// <summary>
    /// A full socket holds the worker up for a moment, and so, by the interface's queue, the senders behind it: better
    /// than losing what they would send again.
    /// </summary>
    private void SendBatch()
    {
        while (_batch.Left > 0 && _socket.Send(_batch).Error == Errno.EAGAIN)
        {
            PollEntry writable = new(_socket.Descriptor, PollEvents.Writable);
            SysResult ready = SlowPoll.Wait(new Span<PollEntry>(ref writable), FullSocketWaitMs);
            if (ready.Value > 0) { continue; }
            _counters.NetworkRefused += _batch.Left;
            break;
        }

        foreach (UdpFailure failure in _batch.Failures)
        {
            _counters.NetworkRefused++;
            // ENETUNREACH is what Linux 6.18 says, over IPv4, of a source this host does not have any more.
            bool isGone = failure.Error is Errno.EINVAL or Errno.EADDRNOTAVAIL or Errno.ENETUNREACH;
            if (isGone) { _core.ForgetLocal(_sentTo[failure.Tag]); }
        }

        _batch.Clear();
        _runs = 0;
    }
}
