using System.Buffers.Binary;

namespace EdgeProxy.Crypto;

/// <summary>
/// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) in place: nonces of 24 bytes, long enough to be drawn at random.
/// </summary>
/// <remarks>
/// OpenSSL has no HChaCha20. It does have the ChaCha20 block, which is the same twenty rounds and then adds the state
/// they began with; HChaCha20 is the first and last four words before that addition. The state's words 12..15 are what
/// OpenSSL calls the nonce, so both quartets are known and are subtracted again: §2.2 of the draft, from a block of key
/// stream.
/// </remarks>
public sealed unsafe class XAead : IDisposable
{
    public const int NonceBytes = 24;

    private const int HashedNonceBytes = 16;
    private const int BlockBytes = 64;

    /// <summary>"expand 32-byte k": the words a ChaCha20 state begins with (RFC 8439 §2.3).</summary>
    private static readonly uint[] s_constants = [0x61707865, 0x3320646E, 0x79622D32, 0x6B206574];

    private readonly Aead _aead = new();
    private readonly NativeContext _stream;

    public XAead()
    {
        _stream = new NativeContext(LibCrypto.EVP_CIPHER_CTX_new(), &LibCrypto.EVP_CIPHER_CTX_free);
        nint cipher = CryptoLibrary.Algorithms.ChaCha20;
        if (LibCrypto.EVP_EncryptInit_ex(_stream.Pointer, cipher, 0, null, null) != 1)
        {
            throw CryptoLibrary.Failed(nameof(LibCrypto.EVP_EncryptInit_ex));
        }
    }

    /// <param name="key">32 bytes.</param>
    /// <param name="nonce">24 bytes.</param>
    /// <param name="associated">Authenticated, not encrypted.</param>
    /// <param name="buffer">The plain text and behind it room for the tag.</param>
    public void Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, Span<byte> buffer)
    {
        Span<byte> subkey = stackalloc byte[Aead.KeyBytes];
        Span<byte> shortNonce = stackalloc byte[Aead.NonceBytes];
        Derive(key, nonce, subkey, shortNonce);
        _aead.Seal(subkey, shortNonce, associated, buffer);
        Secret.Wipe(subkey);
    }

    /// <inheritdoc cref="Aead.Open(ReadOnlySpan{byte}, ReadOnlySpan{byte}, ReadOnlySpan{byte}, Span{byte})"/>
    public bool Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, Span<byte> buffer)
    {
        Span<byte> subkey = stackalloc byte[Aead.KeyBytes];
        Span<byte> shortNonce = stackalloc byte[Aead.NonceBytes];
        Derive(key, nonce, subkey, shortNonce);
        bool opened = _aead.Open(subkey, shortNonce, associated, buffer);
        Secret.Wipe(subkey);
        return opened;
    }

    public void Dispose()
    {
        _aead.Dispose();
        _stream.Dispose();
    }

    internal void HChaCha20(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, Span<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, Aead.KeyBytes, nameof(key));
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, HashedNonceBytes, nameof(nonce));
        Span<byte> block = stackalloc byte[BlockBytes];
        block.Clear();
        int written;
        fixed (byte* k = key)
        fixed (byte* n = nonce)
        fixed (byte* b = block)
        {
            if (LibCrypto.EVP_EncryptInit_ex(_stream.Pointer, 0, 0, k, n) != 1
                || LibCrypto.EVP_EncryptUpdate(_stream.Pointer, b, &written, b, BlockBytes) != 1)
            {
                throw CryptoLibrary.Failed(nameof(LibCrypto.EVP_EncryptUpdate));
            }
        }

        GC.KeepAlive(this);
        for (int word = 0; word < 4; word++)
        {
            int at = word * sizeof(uint);
            uint first = BinaryPrimitives.ReadUInt32LittleEndian(block[at..]) - s_constants[word];
            uint last = BinaryPrimitives.ReadUInt32LittleEndian(block[(48 + at)..])
                - BinaryPrimitives.ReadUInt32LittleEndian(nonce[at..]);
            BinaryPrimitives.WriteUInt32LittleEndian(output[at..], first);
            BinaryPrimitives.WriteUInt32LittleEndian(output[(16 + at)..], last);
        }

        Secret.Wipe(block);
    }

    private void Derive(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, Span<byte> subkey, Span<byte> shortNonce)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, NonceBytes, nameof(nonce));
        HChaCha20(key, nonce[..HashedNonceBytes], subkey);
        shortNonce[..4].Clear();
        nonce[HashedNonceBytes..].CopyTo(shortNonce[4..]);
    }
}
