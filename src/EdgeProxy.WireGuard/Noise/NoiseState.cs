using EdgeProxy.Crypto;

namespace EdgeProxy.WireGuard;

/// <summary>
/// The symmetric state of a Noise handshake (https://noiseprotocol.org/noise.html, §5.2) in memory of the caller's, who
/// wipes it. Every key of this pattern seals once, so the nonce is always zero.
/// </summary>
internal readonly ref struct NoiseState(CipherSuite suite, Span<byte> memory)
{
    /// <summary>Chaining key, hash and cipher key.</summary>
    public const int Bytes = 96;

    private const int Size = Blake2s.HashBytes;

    private readonly Span<byte> _memory = memory;

    public Span<byte> Hash => _memory.Slice(Size, Size);

    private Span<byte> ChainingKey => _memory[..Size];

    private Span<byte> Key => _memory.Slice(2 * Size, Size);

    /// <param name="protocol">A name longer than a hash.</param>
    /// <param name="prologue">What both ends know before.</param>
    public void Begin(ReadOnlySpan<byte> protocol, ReadOnlySpan<byte> prologue)
    {
        suite.Blake.Hash(protocol, default, ChainingKey);
        suite.Blake.Hash(ChainingKey, prologue, Hash);
    }

    public void MixHash(ReadOnlySpan<byte> data) => suite.Blake.Hash(Hash, data, Hash);

    public void MixKey(ReadOnlySpan<byte> input) => suite.Blake.Derive(ChainingKey, input, ChainingKey, Key);

    /// <summary>The secret two keys share, mixed in.</summary>
    /// <returns>False when a public key was chosen so that there is none.</returns>
    public bool MixAgreement(X25519PrivateKey privateKey, ReadOnlySpan<byte> publicKey)
    {
        Span<byte> shared = stackalloc byte[X25519PrivateKey.Bytes];
        bool agreed = privateKey.TryAgree(publicKey, shared);
        if (agreed) { MixKey(shared); }
        Secret.Wipe(shared);
        return agreed;
    }

    public void MixKeyAndHash(ReadOnlySpan<byte> input)
    {
        Span<byte> mixed = stackalloc byte[Size];
        suite.Blake.Derive(ChainingKey, input, ChainingKey, mixed, Key);
        MixHash(mixed);
        Secret.Wipe(mixed);
    }

    /// <param name="plain">What to seal.</param>
    /// <param name="output">Its length and a tag's.</param>
    public void Seal(ReadOnlySpan<byte> plain, Span<byte> output)
    {
        plain.CopyTo(output);
        suite.Aead.Seal(Key, 0, Hash, output);
        MixHash(output);
    }

    public bool Open(ReadOnlySpan<byte> sealedBytes, Span<byte> plain)
    {
        Span<byte> buffer = stackalloc byte[sealedBytes.Length];
        sealedBytes.CopyTo(buffer);
        if (!suite.Aead.Open(Key, 0, Hash, buffer)) { return false; }
        buffer[..^Aead.TagBytes].CopyTo(plain);
        Secret.Wipe(buffer);
        MixHash(sealedBytes);
        return true;
    }

    /// <summary>The keys of the session: what the initiator sends under, then what it receives under.</summary>
    public void Split(Span<byte> first, Span<byte> second) => suite.Blake.Derive(ChainingKey, default, first, second);
}
