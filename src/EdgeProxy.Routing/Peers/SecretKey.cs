using System.Runtime.CompilerServices;

namespace EdgeProxy.Routing;

/// <summary>
/// 32 bytes nobody may see: a private key or a pre-shared key. An object and not a value, so that there is one copy,
/// which the collector does not move and which can be wiped; its text in a log or a message is "(hidden)".
/// </summary>
public sealed class SecretKey
{
    public const int Bytes = KeyText.Bytes;

    /// <summary>Length of the text <see cref="WriteBase64"/> writes.</summary>
    public const int TextLength = KeyText.Base64Length;

    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(Bytes, pinned: true);

    /// <param name="bytes">32 of them; the caller wipes its own.</param>
    public SecretKey(ReadOnlySpan<byte> bytes) => bytes[..Bytes].CopyTo(_bytes);

    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>No key: what the protocol takes as "none".</summary>
    public bool IsZero
    {
        get
        {
            int any = 0;
            foreach (byte b in _bytes) { any |= b; }
            return any == 0;
        }
    }

    /// <summary>Reads base64 of 44 characters; null when it is anything else.</summary>
    public static SecretKey? Parse(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        SecretKey? key = KeyText.TryReadBase64(text, bytes) ? new SecretKey(bytes) : null;
        bytes.Clear();
        return key;
    }

    /// <summary>Reads 64 hexadecimal digits; null when it is anything else.</summary>
    public static SecretKey? ParseHex(ReadOnlySpan<byte> text)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        SecretKey? key = KeyText.TryReadHex(text, bytes) ? new SecretKey(bytes) : null;
        bytes.Clear();
        return key;
    }

    /// <summary>A private key from 32 random bytes, its bits set as X25519 wants them (RFC 7748 §5).</summary>
    public static SecretKey Private(ReadOnlySpan<byte> random)
    {
        SecretKey key = new(random);
        key._bytes[0] &= 248;
        key._bytes[31] = (byte)((key._bytes[31] & 127) | 64);
        return key;
    }

    /// <summary>Whether both are the same key, in a time that does not depend on where they differ.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    public static bool Same(SecretKey? one, SecretKey? other)
    {
        if (one is null || other is null) { return ReferenceEquals(one, other); }
        int different = 0;
        for (int i = 0; i < Bytes; i++) { different |= one._bytes[i] ^ other._bytes[i]; }
        return different == 0;
    }

    /// <param name="target">Takes 44 characters; for a file or a person who asked for them, and nothing else.</param>
    public void WriteBase64(Span<char> target) => KeyText.WriteBase64(_bytes, target);

    /// <param name="target">Takes 64 hexadecimal digits.</param>
    public void WriteHex(Span<byte> target) => KeyText.WriteHex(_bytes, target);

    /// <summary>Forgets the key; to be called by whoever used it last.</summary>
    public void Wipe() => _bytes.AsSpan().Clear();

    public override string ToString() => "(hidden)";
}
