using EdgeProxy.Linux;

namespace EdgeProxy.DataPlane;

/// <summary>Empty pipes kept for the next bulk flow. A pipe that still holds bytes is never put back.</summary>
internal sealed class PipePool(Io io, int pipeBytes)
{
    private const int IdleMax = 64;
    private readonly (Fd Read, Fd Write)[] _idle = new (Fd, Fd)[IdleMax];
    private int _idleCount;

    /// <summary>Pipes open, in use or idle.</summary>
    internal int Count { get; private set; }

    internal bool TryTake(out Fd read, out Fd write)
    {
        if (_idleCount > 0)
        {
            (read, write) = _idle[--_idleCount];
            return true;
        }

        if (!io.OpenPipe(pipeBytes, out read, out write).Ok) { return false; }
        Count++;
        return true;
    }

    internal void Give(Fd read, Fd write, bool isEmpty)
    {
        if (isEmpty && _idleCount < IdleMax)
        {
            _idle[_idleCount++] = (read, write);
            return;
        }

        io.ClosePipe(read);
        io.ClosePipe(write);
        Count--;
    }

    internal void Clear()
    {
        while (_idleCount > 0)
        {
            (Fd read, Fd write) = _idle[--_idleCount];
            io.ClosePipe(read);
            io.ClosePipe(write);
            Count--;
        }
    }
}
