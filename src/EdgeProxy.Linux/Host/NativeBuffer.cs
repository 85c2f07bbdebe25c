namespace EdgeProxy.Linux;

/// <summary>
/// Memory outside the managed heap that system calls read and write while it never moves: page-aligned, zeroed, backed
/// by pages as they are touched. Called by one owner, who disposes of it after the last call that was given it; what
/// stands in it is named by offset (<see cref="BufferPiece"/>), so that code without pointers can lay packets out.
/// </summary>
public sealed unsafe class NativeBuffer : IDisposable
{
    private byte* _start;

    /// <param name="bytes">How many; more than zero.</param>
    public NativeBuffer(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        _start = (byte*)Memory.Map((nuint)bytes);
        Length = bytes;
    }

    internal int Length { get; private set; }

    public Span<byte> Bytes => new(_start, Length);

    /// <summary>Where a piece stands; a piece that does not lie inside is a bug of the caller.</summary>
    internal byte* At(int offset, int length)
    {
        if ((uint)offset > (uint)Length || (uint)length > (uint)(Length - offset))
        {
            throw new ArgumentOutOfRangeException(nameof(offset), $"{length} bytes at {offset} of {Length}");
        }

        return _start + offset;
    }

    public void Dispose()
    {
        if (Length == 0) { return; }
        Memory.Unmap(_start, (nuint)Length);
        _start = null;
        Length = 0;
    }
}
