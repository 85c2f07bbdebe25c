using System.Buffers.Binary;

namespace EdgeProxy.Routing;

/// <summary>The public key that is a peer's identity: the 32 bytes of an X25519 point, as a value.</summary>
public readonly record struct PeerKey
{
    public const int Bytes = KeyText.Bytes;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    /// <param name="bytes">32 of them.</param>
    public PeerKey(ReadOnlySpan<byte> bytes)
    {
        _a = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]);
        _d = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);
    }

    /// <summary>No key at all, and no point any private key leads to.</summary>
    public bool IsZero => (_a | _b | _c | _d) == 0;

    /// <summary>Reads base64 of 44 characters, strictly: there is one spelling of a key.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out PeerKey key)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        bool good = KeyText.TryReadBase64(text, bytes);
        key = good ? new PeerKey(bytes) : default;
        return good;
    }

    /// <summary>Reads 64 hexadecimal digits, the spelling of the WireGuard userspace protocol.</summary>
    public static bool TryParseHex(ReadOnlySpan<byte> text, out PeerKey key)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        bool good = KeyText.TryReadHex(text, bytes);
        key = good ? new PeerKey(bytes) : default;
        return good;
    }

    /// <param name="target">Takes 32 bytes.</param>
    public void CopyTo(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(target, _a);
        BinaryPrimitives.WriteUInt64LittleEndian(target[8..], _b);
        BinaryPrimitives.WriteUInt64LittleEndian(target[16..], _c);
        BinaryPrimitives.WriteUInt64LittleEndian(target[24..], _d);
    }

    /// <param name="target">Takes 64 hexadecimal digits.</param>
    public void WriteHex(Span<byte> target)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        CopyTo(bytes);
        KeyText.WriteHex(bytes, target);
    }

    public override int GetHashCode() => HashCode.Combine(_a, _b, _c, _d);

    /// <summary>Base64.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        Span<char> text = stackalloc char[KeyText.Base64Length];
        CopyTo(bytes);
        KeyText.WriteBase64(bytes, text);
        return new string(text);
    }
}
