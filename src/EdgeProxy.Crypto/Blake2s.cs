namespace EdgeProxy.Crypto;

/// <summary>
/// BLAKE2s (RFC 7693) as WireGuard uses it: the hash, the keyed hash as a MAC, and HMAC with its key derivation. One
/// object serves one thread; its native contexts are reused.
/// </summary>
public sealed unsafe class Blake2s : IDisposable
{
    public const int HashBytes = 32;
    public const int MacBytes = 16;

    private readonly NativeContext _hash;
    private readonly NativeContext _mac;
    private readonly int _macBytes;
    private readonly NativeContext _hmac;

    public Blake2s()
        : this(MacBytes)
    {
    }

    /// <summary>With MACs of another length, as published test vectors have them.</summary>
    internal Blake2s(int macBytes)
    {
        CryptoAlgorithms algorithms = CryptoLibrary.Algorithms;
        _hash = new NativeContext(LibCrypto.EVP_MD_CTX_new(), &LibCrypto.EVP_MD_CTX_free);
        if (LibCrypto.EVP_DigestInit_ex(_hash.Pointer, algorithms.Blake2s, 0) != 1)
        {
            throw CryptoLibrary.Failed(nameof(LibCrypto.EVP_DigestInit_ex));
        }

        _macBytes = macBytes;
        _mac = NewKeyedHash((nuint)macBytes);
        fixed (byte* name = "digest\0"u8)
        fixed (byte* digest = "BLAKE2S-256\0"u8)
        {
            _hmac = NewMac(algorithms.Hmac, new OsslParam
            {
                Key = name, DataType = OsslParam.Utf8String, Data = digest, DataSize = (nuint)"BLAKE2S-256"u8.Length,
            });
        }
    }

    /// <summary>The hash of the one behind the other; the output may lie over either.</summary>
    public void Hash(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(output.Length, HashBytes, nameof(output));
        fixed (byte* one = first)
        fixed (byte* other = second)
        fixed (byte* result = output)
        {
            if (LibCrypto.EVP_DigestInit_ex(_hash.Pointer, 0, 0) != 1
                || LibCrypto.EVP_DigestUpdate(_hash.Pointer, one, (nuint)first.Length) != 1
                || LibCrypto.EVP_DigestUpdate(_hash.Pointer, other, (nuint)second.Length) != 1
                || LibCrypto.EVP_DigestFinal_ex(_hash.Pointer, result, null) != 1)
            {
                throw CryptoLibrary.Failed(nameof(LibCrypto.EVP_DigestFinal_ex));
            }
        }

        GC.KeepAlive(this);
    }

    /// <summary>BLAKE2s keyed by up to 32 bytes.</summary>
    public void Mac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(output.Length, _macBytes, nameof(output));
        Authenticate(_mac, key, data, default, output);
    }

    /// <summary>HMAC (RFC 2104) over the one behind the other.</summary>
    internal void Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(output.Length, HashBytes, nameof(output));
        Authenticate(_hmac, key, first, second, output);
    }

    /// <summary>
    /// HKDF as the Noise framework has it (revision 34, §4.3): one output, two or three, each of 32 bytes.
    /// </summary>
    /// <param name="chainingKey">May be the same memory as an output.</param>
    /// <param name="input">What is mixed in; may be empty.</param>
    /// <param name="first">The first output.</param>
    /// <param name="second">The second, empty when not wanted.</param>
    /// <param name="third">The third, empty when not wanted.</param>
    public void Derive(
        ReadOnlySpan<byte> chainingKey, ReadOnlySpan<byte> input,
        Span<byte> first, Span<byte> second = default, Span<byte> third = default)
    {
        Span<byte> secret = stackalloc byte[HashBytes];
        Hmac(chainingKey, input, default, secret);
        Hmac(secret, [1], default, first);
        if (!second.IsEmpty) { Hmac(secret, first, [2], second); }
        if (!third.IsEmpty) { Hmac(secret, second, [3], third); }
        Secret.Wipe(secret);
    }

    /// <summary>Freeing a context wipes the key in it.</summary>
    public void Dispose()
    {
        _hash.Dispose();
        _mac.Dispose();
        _hmac.Dispose();
    }

    private static void Authenticate(
        NativeContext context, ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> output)
    {
        nuint written;
        fixed (byte* k = key)
        fixed (byte* one = first)
        fixed (byte* other = second)
        fixed (byte* result = output)
        {
            if (LibCrypto.EVP_MAC_init(context.Pointer, k, (nuint)key.Length, null) != 1
                || LibCrypto.EVP_MAC_update(context.Pointer, one, (nuint)first.Length) != 1
                || LibCrypto.EVP_MAC_update(context.Pointer, other, (nuint)second.Length) != 1
                || LibCrypto.EVP_MAC_final(context.Pointer, result, &written, (nuint)output.Length) != 1)
            {
                throw CryptoLibrary.Failed(nameof(LibCrypto.EVP_MAC_final));
            }
        }

        GC.KeepAlive(context);
    }

    private static NativeContext NewKeyedHash(nuint size)
    {
        fixed (byte* name = "size\0"u8)
        {
            return NewMac(CryptoLibrary.Algorithms.Blake2sMac, new OsslParam
            {
                Key = name, DataType = OsslParam.UnsignedInteger, Data = &size, DataSize = (nuint)sizeof(nuint),
            });
        }
    }

    private static NativeContext NewMac(nint algorithm, OsslParam setting)
    {
        OsslParam* settings = stackalloc OsslParam[2];
        settings[0] = setting;
        settings[1] = default;
        NativeContext context = new(LibCrypto.EVP_MAC_CTX_new(algorithm), &LibCrypto.EVP_MAC_CTX_free);
        if (LibCrypto.EVP_MAC_CTX_set_params(context.Pointer, settings) != 1)
        {
            throw CryptoLibrary.Failed(nameof(LibCrypto.EVP_MAC_CTX_set_params));
        }

        return context;
    }
}
