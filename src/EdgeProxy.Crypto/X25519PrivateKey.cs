namespace EdgeProxy.Crypto;

/// <summary>
/// A private key of X25519 (RFC 7748), held by OpenSSL in its secure heap, and the public key that follows.
/// </summary>
/// <remarks>May be used from several threads at once, and disposed meanwhile: the last one to use it wipes
/// it.</remarks>
public sealed unsafe class X25519PrivateKey : IDisposable
{
    public const int Bytes = 32;

    private readonly byte[] _publicKey = new byte[Bytes];
    private readonly NativeContext _key;

    /// <param name="privateKey">32 random bytes; clamping is the algorithm's own business.</param>
    public X25519PrivateKey(ReadOnlySpan<byte> privateKey)
    {
        _ = CryptoLibrary.Algorithms;
        ArgumentOutOfRangeException.ThrowIfNotEqual(privateKey.Length, Bytes, nameof(privateKey));
        fixed (byte* key = privateKey)
        fixed (byte* output = _publicKey)
        {
            nuint length = Bytes;
            nint made = LibCrypto.EVP_PKEY_new_raw_private_key(LibCrypto.EVP_PKEY_X25519, 0, key, Bytes);
            _key = new NativeContext(made, &LibCrypto.EVP_PKEY_free);
            if (LibCrypto.EVP_PKEY_get_raw_public_key(made, output, &length) != 1)
            {
                throw CryptoLibrary.Failed(nameof(LibCrypto.EVP_PKEY_get_raw_public_key));
            }
        }
    }

    public ReadOnlySpan<byte> PublicKey => _publicKey;

    /// <summary>The secret shared with the owner of a public key.</summary>
    /// <returns>
    /// False when the public key is one of the few that give everybody the same secret, zero (RFC 7748 §6.1), or when
    /// this key has been disposed.
    /// </returns>
    public bool TryAgree(ReadOnlySpan<byte> publicKey, Span<byte> shared)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(publicKey.Length, Bytes, nameof(publicKey));
        ArgumentOutOfRangeException.ThrowIfNotEqual(shared.Length, Bytes, nameof(shared));
        if (!_key.TryHold()) { return false; }
        nint peer = 0;
        nint context = 0;
        try
        {
            fixed (byte* key = publicKey)
            fixed (byte* output = shared)
            {
                peer = LibCrypto.EVP_PKEY_new_raw_public_key(LibCrypto.EVP_PKEY_X25519, 0, key, Bytes);
                context = LibCrypto.EVP_PKEY_CTX_new(_key.Pointer, 0);
                if (peer == 0 || context == 0 || LibCrypto.EVP_PKEY_derive_init(context) != 1
                    || LibCrypto.EVP_PKEY_derive_set_peer(context, peer) != 1)
                {
                    throw CryptoLibrary.Failed(nameof(LibCrypto.EVP_PKEY_derive_set_peer));
                }

                nuint length = Bytes;
                if (LibCrypto.EVP_PKEY_derive(context, output, &length) == 1) { return true; }
                LibCrypto.ERR_clear_error();
                shared.Clear();
                return false;
            }
        }
        finally
        {
            LibCrypto.EVP_PKEY_CTX_free(context);
            LibCrypto.EVP_PKEY_free(peer);
            _key.DangerousRelease();
        }
    }

    public void Dispose() => _key.Dispose();
}
