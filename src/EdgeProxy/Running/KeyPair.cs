using EdgeProxy.Crypto;
using EdgeProxy.Routing;

namespace EdgeProxy;

/// <summary>The public half of a private key.</summary>
internal static class KeyPair
{
    public static PeerKey PublicOf(SecretKey privateKey)
    {
        using X25519PrivateKey key = new(privateKey.Span);
        return new PeerKey(key.PublicKey);
    }
}
