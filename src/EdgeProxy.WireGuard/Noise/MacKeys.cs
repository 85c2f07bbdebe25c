using EdgeProxy.Crypto;

namespace EdgeProxy.WireGuard;

/// <summary>
/// Keys that follow from a public key: whoever knows it can make mac1 and cookies for its owner (§5.4.4, §5.4.7).
/// </summary>
internal static class MacKeys
{
    public const int Bytes = Blake2s.HashBytes;

    public static void Mac1(CipherSuite suite, ReadOnlySpan<byte> publicKey, Span<byte> key) =>
        suite.Blake.Hash("mac1----"u8, publicKey, key);

    public static void Cookie(CipherSuite suite, ReadOnlySpan<byte> publicKey, Span<byte> key) =>
        suite.Blake.Hash("cookie--"u8, publicKey, key);
}
