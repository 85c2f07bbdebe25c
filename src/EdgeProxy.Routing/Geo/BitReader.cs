using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace EdgeProxy.Routing;

/// <summary>
/// Reads bits, the highest of each byte first. It keeps a position and no buffer: a look loads the eight bytes there,
/// which is one unaligned load. All of it is inlined: 700,000 ranges are read
/// before a start is over, three looks each. The data must go on for <see cref="SpareBytes"/> after its last bit.
/// </summary>
internal ref struct BitReader(ReadOnlySpan<byte> data)
{
    /// <summary>Bits a look is sure to give.</summary>
    public const int LookBits = 57;

    /// <summary>
    /// Bytes a look may load after the last bit, with room for one more step of a caller that checks once per step.
    /// </summary>
    public const int SpareBytes = 32;

    private readonly ReadOnlySpan<byte> _data = data;
    private int _position;

    /// <summary>Bits taken so far.</summary>
    public readonly int Position => _position;

    /// <summary>Whether more was taken than there is; what was read since is meaningless.</summary>
    public readonly bool IsPastEnd => _position > (_data.Length - SpareBytes) * 8;

    /// <summary>The bits from a position on, from the highest down.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Look(ReadOnlySpan<byte> data, int position) =>
        BinaryPrimitives.ReadUInt64BigEndian(data[(position >> 3)..]) << (position & 7);

    /// <summary>Takes up to <see cref="LookBits"/> bits as a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Take(int bits)
    {
        ulong value = bits == 0 ? 0 : Look(_data, _position) >> (64 - bits);
        _position += bits;
        return value;
    }

    /// <summary>
    /// Takes a number from 1 up in Elias' gamma code: as many zeros as it has bits after its first, then the number.
    /// </summary>
    public int TakeGamma()
    {
        int zeros = System.Numerics.BitOperations.LeadingZeroCount(Look(_data, _position));
        if (zeros > 24)
        {
            _position = (_data.Length * 8) - 64; // No count is that large: as good as the end.
            return 1;
        }

        _position += zeros;
        return (int)Take(zeros + 1);
    }
}
