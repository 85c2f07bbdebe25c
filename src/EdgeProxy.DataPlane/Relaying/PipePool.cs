using EdgeProxy.Linux;

namespace EdgeProxy.DataPlane;

/// <summary>
/// Pipes by number, and the empty ones kept for the next bulk flow. A pipe that still holds bytes is never used again.
/// </summary>
internal sealed class PipePool(Io io, int pipeBytes, int pipesMax) : IDisposable
{
    private const int IdleMax = 64;
    private readonly SlotPool<Pipe> _pipes = new(pipesMax);
    private readonly int[] _idle = new int[IdleMax];
    private int _idleCount;

    /// <summary>Pipes open, in use or idle.</summary>
    internal int Count => _pipes.Count;

    internal ref Pipe this[int pipe] => ref _pipes[pipe];

    /// <returns>The number of an empty pipe; -1 when the host has none.</returns>
    internal int Take()
    {
        if (_idleCount > 0) { return _idle[--_idleCount]; }
        if (!io.OpenPipe(pipeBytes, out Fd read, out Fd write).Ok) { return -1; }
        int pipe = _pipes.Take();
        _pipes[pipe] = new Pipe { Read = read, Write = write };
        return pipe;
    }

    internal void Give(int pipe)
    {
        if (_pipes[pipe].Bytes == 0 && _idleCount < IdleMax) { _idle[_idleCount++] = pipe; }
        else { Close(pipe); }
    }

    /// <summary>Closes the idle ones.</summary>
    internal void Clear()
    {
        while (_idleCount > 0) { Close(_idle[--_idleCount]); }
    }

    /// <summary>Frees the table; the pipes are closed by then.</summary>
    public void Dispose() => _pipes.Dispose();

    private void Close(int pipe)
    {
        io.ClosePipe(_pipes[pipe].Read);
        io.ClosePipe(_pipes[pipe].Write);
        _pipes.Free(pipe);
    }
}
