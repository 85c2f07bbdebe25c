using System.Buffers.Binary;

namespace EdgeProxy.Testing;

/// <summary>Checks a stream made by <see cref="Pattern"/>, from its first byte on.</summary>
internal sealed class PatternReader
{
    private readonly byte[] _keyBytes = new byte[8];
    private byte[] _expected = [];

    public long Count { get; private set; }

    /// <summary>The sender's key, once its eight bytes are there.</summary>
    public ulong? Key { get; private set; }

    /// <returns>Null when the bytes are the right ones, else what is wrong.</returns>
    public string? Take(ReadOnlySpan<byte> bytes)
    {
        while (Key is null && !bytes.IsEmpty)
        {
            _keyBytes[Count++] = bytes[0];
            bytes = bytes[1..];
            if (Count == _keyBytes.Length) { Key = BinaryPrimitives.ReadUInt64LittleEndian(_keyBytes); }
        }

        if (bytes.IsEmpty) { return null; }
        if (_expected.Length < bytes.Length) { _expected = new byte[bytes.Length]; }
        Span<byte> expected = _expected.AsSpan(0, bytes.Length);
        Pattern.Fill(Key!.Value, Count, expected);
        int same = bytes.CommonPrefixLength(expected);
        if (same < bytes.Length) { return $"byte {Count + same} of the stream is wrong"; }
        Count += bytes.Length;
        return null;
    }
}
