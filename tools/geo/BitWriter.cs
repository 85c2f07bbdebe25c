namespace EdgeProxy.GeoTool;

/// <summary>Writes what <c>BitReader</c> reads.</summary>
internal sealed class BitWriter
{
    private readonly List<byte> _bytes = [];
    private int _bitsInLast = 8;

    public int BitCount => (8 * _bytes.Count) - 8 + _bitsInLast;

    public void Write(ulong value, int bits)
    {
        for (int bit = bits - 1; bit >= 0; bit--)
        {
            if (_bitsInLast == 8)
            {
                _bytes.Add(0);
                _bitsInLast = 0;
            }

            _bytes[^1] |= (byte)(((value >> bit) & 1) << (7 - _bitsInLast++));
        }
    }

    /// <summary>Writes a number from 1 up in Elias' gamma code.</summary>
    public void WriteGamma(int value)
    {
        int bits = 32 - System.Numerics.BitOperations.LeadingZeroCount((uint)value);
        Write(0, bits - 1);
        Write((ulong)value, bits);
    }

    /// <summary>Writes all that another has written.</summary>
    public void Append(BitWriter other)
    {
        for (int bit = 0; bit < other.BitCount; bit += 8)
        {
            int bits = Math.Min(8, other.BitCount - bit);
            Write((ulong)other._bytes[bit / 8] >> (8 - bits), bits);
        }
    }

    /// <summary>The bytes so far, and the zeros a reader may look at after them.</summary>
    public byte[] ToArray(int spareBytes) => [.. _bytes, .. new byte[spareBytes]];
}
