using EdgeProxy.Crypto;

namespace EdgeProxy.WireGuard;

/// <summary>Everything of a peer's that must be wiped, in one block.</summary>
internal sealed class PeerSecrets : IDisposable
{
    private const int KeyBytes = Messages.KeyBytes;
    private const int PresharedAt = 0;
    private const int SharedAt = PresharedAt + KeyBytes;
    private const int HandshakeAt = SharedAt + (2 * KeyBytes);
    private const int CookieAt = HandshakeAt + NoiseState.Bytes;
    private const int Bytes = CookieAt + Messages.MacBytes;

    private readonly SecretMemory _memory = new(Bytes);

    public Span<byte> Preshared => _memory.Bytes.Slice(PresharedAt, KeyBytes);

    /// <summary>The state between our initiation and its answer.</summary>
    public Span<byte> Handshake => _memory.Bytes.Slice(HandshakeAt, NoiseState.Bytes);

    /// <summary>What the peer gave us when it was under load.</summary>
    public Span<byte> Cookie => _memory.Bytes.Slice(CookieAt, Messages.MacBytes);

    /// <summary>
    /// The secret of one of our static keys and the peer's; there are two while keys are being changed.
    /// </summary>
    public Span<byte> StaticShared(int slot) => _memory.Bytes.Slice(SharedAt + (slot * KeyBytes), KeyBytes);

    public void Dispose() => _memory.Dispose();
}
