using EdgeProxy.Crypto;

namespace EdgeProxy.WireGuard;

/// <summary>One of this device's own keys, and what follows from its public half.</summary>
internal sealed class LocalKey : IDisposable
{
    public LocalKey(CipherSuite suite, ReadOnlySpan<byte> privateKey)
    {
        Private = new X25519PrivateKey(privateKey);
        Public = new PublicKey(Private.PublicKey);
        MacKeys.Mac1(suite, Private.PublicKey, Mac1Key);
        MacKeys.Cookie(suite, Private.PublicKey, CookieKey);
    }

    public X25519PrivateKey Private { get; }

    public PublicKey Public { get; }

    public byte[] Mac1Key { get; } = new byte[MacKeys.Bytes];

    public byte[] CookieKey { get; } = new byte[MacKeys.Bytes];

    public void Dispose() => Private.Dispose();
}
