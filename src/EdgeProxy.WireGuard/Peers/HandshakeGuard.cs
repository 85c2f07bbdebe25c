using System.Buffers.Binary;

namespace EdgeProxy.WireGuard;

/// <summary>
/// Stands before the expensive part of a handshake: whoever knows the public key can make it, so under load a sender
/// has to prove its address by a cookie first, and then gets its share (§5.3).
/// </summary>
internal sealed class HandshakeGuard(RandomFill random) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CookieMaker _cookies = new(random);
    private readonly HandshakeLimiter _limiter = new(Seed(random));
    private LoadMeter _load = new();

    /// <param name="suite">The thread's own.</param>
    /// <param name="key">The key whose mac1 the message bears.</param>
    /// <param name="message">An initiation or a response.</param>
    /// <param name="source">Where it came from.</param>
    /// <param name="nowNs">The monotonic clock.</param>
    /// <param name="reply">Gets the cookie when that is the answer.</param>
    public DropReason Admit(
        CipherSuite suite, LocalKey key, ReadOnlySpan<byte> message, in Endpoint source, long nowNs, Span<byte> reply)
    {
        lock (_lock)
        {
            if (!_load.IsUnderLoad(nowNs)) { return DropReason.None; }
            if (_cookies.Recognizes(suite, message, source, nowNs))
            {
                return _limiter.Allows(source, nowNs) ? DropReason.None : DropReason.RateLimited;
            }

            _cookies.WriteReply(suite, key, message, source, nowNs, reply[..Messages.CookieReplyBytes]);
            return DropReason.CookieSent;
        }
    }

    public void Dispose() => _cookies.Dispose();

    private static ulong Seed(RandomFill random)
    {
        Span<byte> drawn = stackalloc byte[sizeof(ulong)];
        random(drawn);
        return BinaryPrimitives.ReadUInt64LittleEndian(drawn);
    }
}
