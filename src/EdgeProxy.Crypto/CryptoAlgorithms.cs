namespace EdgeProxy.Crypto;

/// <summary>What was fetched from the library, for the life of the process, or why it could not be.</summary>
internal sealed class CryptoAlgorithms
{
    public string? Problem { get; init; }

    public nint ChaCha20Poly1305 { get; init; }

    public nint ChaCha20 { get; init; }

    public nint Blake2s { get; init; }

    public nint Blake2sMac { get; init; }

    public nint Hmac { get; init; }

    public bool AreAllThere => ChaCha20Poly1305 != 0 && ChaCha20 != 0 && Blake2s != 0 && Blake2sMac != 0 && Hmac != 0;
}
