namespace EdgeProxy.GeoTool;

/// <summary>Writes what <c>BitReader</c> reads.</summary>
internal sealed class BitWriter
{
    private readonly List<byte> _bytes = [];
    private int _bitsInLast = 8;

    public int ByteCount => _bytes.Count;

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

    /// <summary>The bytes so far, and the zeros a reader may look at after them.</summary>
    public byte[] ToArray(int spareBytes) => [.. _bytes, .. new byte[spareBytes]];
}
