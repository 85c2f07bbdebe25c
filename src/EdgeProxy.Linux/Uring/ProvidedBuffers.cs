using static EdgeProxy.Linux.UringAbi;

namespace EdgeProxy.Linux;

/// <summary>
/// The ring of buffers the kernel picks from when it receives (io_uring_register(2), IORING_REGISTER_PBUF_RING). Only
/// as many as are in use at once stand in it, so that a small set stays in the cache; it doubles when it ran dry.
/// </summary>
internal sealed unsafe class ProvidedBuffers : IDisposable
{
    private const int EntryBytes = 16;
    private const int FirstTarget = 64;
    private readonly byte* _ring;
    private readonly int _capacity;
    private ushort _tail;
    private int _lowest; // Fewest that stood ready since the last trim.
    private int _taken;  // Since the last trim.
    private int _clean;  // Of those standing, from the next to be used on: without memory.

    internal ProvidedBuffers(UringRing ring, int capacity)
    {
        _capacity = capacity;
        Target = Math.Min(FirstTarget, capacity);
        _ring = (byte*)Memory.Map((nuint)(capacity * EntryBytes));
        ulong* registration = stackalloc ulong[5]; // struct io_uring_buf_reg: ring_addr, entries and bgid, resv[3].
        registration[0] = (ulong)_ring;
        registration[1] = (ulong)(uint)capacity;
        registration[2] = registration[3] = registration[4] = 0;
        SysResult result = Libc.Result(Libc.syscall_waiting(
            SYS_io_uring_register, ring.Fd, IORING_REGISTER_PBUF_RING, (nint)registration, 1, 0, 0));
        if (!result.Ok) { throw new InvalidOperationException($"registering {capacity} receive buffers: {result.Error}"); }
    }

    /// <summary>How many buffers should stand ready.</summary>
    internal int Target { get; private set; }

    /// <summary>How many do.</summary>
    internal int Standing { get; private set; }

    internal void Add(int buffer, byte* address, int bytes)
    {
        byte* entry = _ring + ((_tail & (_capacity - 1)) * EntryBytes);
        *(ulong*)entry = (ulong)address;
        *(uint*)(entry + 8) = (uint)bytes;
        *(ushort*)(entry + 12) = (ushort)buffer;
        _tail++;
        Standing++;
    }

    /// <summary>Shows the kernel what was added.</summary>
    internal void Publish() => Volatile.Write(ref *(ushort*)(_ring + 14), _tail);

    internal void Took()
    {
        Standing--;
        _taken++;
        _lowest = Math.Min(_lowest, Standing);
        if (_clean > 0) { _clean--; }
    }

    /// <summary>
    /// Lowers the target to what was needed since the last trim, and says what may give its memory back.
    /// </summary>
    /// <param name="buffers">Filled with numbers of buffers that stand and hardly any of which were used.</param>
    /// <returns>How many were written.</returns>
    internal int Trim(Span<int> buffers)
    {
        if ((Target - _lowest) * 4 < Target) { Target = Math.Max(Math.Min(FirstTarget, _capacity), Target / 2); }
        bool quiet = _taken * 4 <= Standing;
        _lowest = Standing;
        _taken = 0;
        if (!quiet) { return 0; }
        int count = Math.Min(buffers.Length, Standing - _clean);
        for (int i = 0; i < count; i++)
        {
            int position = (_tail - Standing + _clean++) & (_capacity - 1);
            buffers[i] = *(ushort*)(_ring + (position * EntryBytes) + 12);
        }

        return count;
    }

    /// <summary>All that stand are without memory.</summary>
    internal bool IsTrimmed => _clean == Standing;

    internal void RanDry() => Target = Math.Min(Target * 2, _capacity);

    public void Dispose() => Memory.Unmap(_ring, (nuint)(_capacity * EntryBytes));
}
