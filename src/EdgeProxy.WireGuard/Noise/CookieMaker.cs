using System.Buffers.Binary;
using EdgeProxy.Crypto;

namespace EdgeProxy.WireGuard;

/// <summary>
/// The side that is asked too much (§5.4.7): hands out cookies that prove where a sender is, and knows them again, from
/// one secret that changes every two minutes. Guarded by its owner.
/// </summary>
internal sealed class CookieMaker(RandomFill random) : IDisposable
{
    private readonly SecretMemory _secret = new(Blake2s.HashBytes);
    private long _madeNs = Moment.Never;

    /// <summary>The cookie of an address, now.</summary>
    public void Make(CipherSuite suite, in Endpoint source, long nowNs, Span<byte> cookie)
    {
        if (_madeNs == Moment.Never || nowNs - _madeNs >= Timers.CookieSecret)
        {
            random(_secret.Bytes);
            _madeNs = nowNs;
        }

        Span<byte> address = stackalloc byte[Endpoint.Bytes];
        source.Write(address);
        suite.Blake.Mac(_secret.Bytes, address, cookie);
    }

    /// <summary>True when mac2 was made with the cookie of the address the message came from.</summary>
    public bool Recognizes(CipherSuite suite, ReadOnlySpan<byte> message, in Endpoint source, long nowNs)
    {
        ReadOnlySpan<byte> given = message[Messages.Mac2At(message.Length)..];
        if (!given.ContainsAnyExcept((byte)0)) { return false; } // None was made.
        Span<byte> cookie = stackalloc byte[Messages.MacBytes];
        Make(suite, source, nowNs, cookie);
        Span<byte> mac2 = stackalloc byte[Messages.MacBytes];
        suite.Blake.Mac(cookie, message[..Messages.Mac2At(message.Length)], mac2);
        return Secret.AreEqual(mac2, given);
    }

    /// <summary>Writes the 64 bytes that give the sender of a message its cookie.</summary>
    public void WriteReply(
        CipherSuite suite, LocalKey key, ReadOnlySpan<byte> message, in Endpoint source, long nowNs, Span<byte> reply)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(reply, Messages.CookieReply);
        message.Slice(Messages.IndexAt, sizeof(uint)).CopyTo(reply[Messages.IndexAt..]);
        Span<byte> nonce = reply.Slice(Messages.CookieNonceAt, Messages.CookieNonceBytes);
        random(nonce);
        Span<byte> sealedCookie = reply.Slice(Messages.CookieAt, Messages.MacBytes + Messages.TagBytes);
        Make(suite, source, nowNs, sealedCookie[..Messages.MacBytes]);
        ReadOnlySpan<byte> mac1 = message.Slice(Messages.Mac1At(message.Length), Messages.MacBytes);
        suite.XAead.Seal(key.CookieKey, nonce, mac1, sealedCookie);
    }

    public void Dispose() => _secret.Dispose();
}
