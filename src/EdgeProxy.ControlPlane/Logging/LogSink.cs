using EdgeProxy.Linux;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// Where lines leave the process: a descriptor of somebody else's (so its mode is not ours to change: O_NONBLOCK on
/// stderr would also hit the shell that shares it) and a bounded buffer before it. It writes only after poll(2) has
/// promised room, and then no more than a pipe takes at once, so a reader that has stopped reading costs lines, which
/// are counted, and never a wait. One thread owns it.
/// </summary>
internal sealed class LogSink(Fd target)
{
    private const int BufferBytes = 256 * 1024;

    /// <summary>PIPE_BUF (pipe(7)): a pipe that polls writable takes this much without waiting.</summary>
    private const int WriteBytesMax = 4_096;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _start;
    private int _end;
    private long _dropped;

    /// <summary>Lines lost because the reader was too slow or gone.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    public Fd Target => target;

    /// <summary>Bytes that wait for the reader.</summary>
    public int Pending => _end - _start;

    /// <summary>Room for more, in bytes, at the end of the buffer.</summary>
    public Span<byte> Room
    {
        get
        {
            if (_start > 0)
            {
                _buffer.AsSpan(_start, Pending).CopyTo(_buffer);
                _end -= _start;
                _start = 0;
            }

            return _buffer.AsSpan(_end);
        }
    }

    /// <summary>Takes over bytes the caller has written into <see cref="Room"/>.</summary>
    public void Advance(int count) => _end += count;

    /// <summary>Takes a whole line or counts it as lost.</summary>
    public void Add(ReadOnlySpan<byte> line)
    {
        if (_buffer.Length - _end < line.Length && Room.Length < line.Length)
        {
            Volatile.Write(ref _dropped, _dropped + 1);
            return;
        }

        line.CopyTo(_buffer.AsSpan(_end));
        _end += line.Length;
    }

    /// <summary>Writes what the reader takes now.</summary>
    public void Flush()
    {
        while (Pending > 0 && CanWrite())
        {
            SysResult written = SlowSocket.Write(target, NextChunk());
            if (written.Error == Errno.EAGAIN) { break; } // Somebody else made the descriptor non-blocking.
            if (!written.Ok)
            {
                Discard();
                break;
            }

            _start += written.Value;
        }

        if (Pending == 0) { _start = _end = 0; }
    }

    private bool CanWrite()
    {
        PollEntry entry = new(target, PollEvents.Writable);
        return SlowPoll.Wait(new Span<PollEntry>(ref entry), 0).Value > 0;
    }

    /// <summary>Whole lines where possible, so that lines of processes sharing the descriptor do not mix.</summary>
    private ReadOnlySpan<byte> NextChunk()
    {
        ReadOnlySpan<byte> pending = _buffer.AsSpan(_start, Math.Min(Pending, WriteBytesMax));
        int lastLine = pending.LastIndexOf((byte)'\n');
        return lastLine < 0 ? pending : pending[..(lastLine + 1)];
    }

    /// <summary>Nobody reads any more (EPIPE, EIO, ENOSPC): what waits is lost.</summary>
    private void Discard()
    {
        Volatile.Write(ref _dropped, _dropped + _buffer.AsSpan(_start, Pending).Count((byte)'\n'));
        _start = _end = 0;
    }
}
