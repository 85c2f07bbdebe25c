using EdgeProxy.Crypto;

namespace EdgeProxy.WireGuard;

/// <summary>
/// The ciphers WireGuard is made of. Every thread that seals, opens or shakes hands has one of its own.
/// </summary>
public sealed class CipherSuite : IDisposable
{
    /// <summary>Why no suite can be made on this host, and the cure; null when one can.</summary>
    public static string? FindProblem() => CryptoLibrary.FindProblem();

    internal Aead Aead { get; } = new();

    internal XAead XAead { get; } = new();

    internal Blake2s Blake { get; } = new();

    /// <summary>Overwrites the key used last: for a thread that is about to wait for long.</summary>
    public void Forget() => Aead.Forget();

    public void Dispose()
    {
        Aead.Dispose();
        XAead.Dispose();
        Blake.Dispose();
    }
}
