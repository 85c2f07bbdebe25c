namespace EdgeProxy.WireGuard;

/// <summary>Where things stand in the four messages (the paper, §5.4); all numbers are little-endian.</summary>
internal static class Messages
{
    public const uint Initiation = 1;
    public const uint Response = 2;
    public const uint CookieReply = 3;
    public const uint Data = 4;

    public const int InitiationBytes = 148;
    public const int ResponseBytes = 92;
    public const int CookieReplyBytes = 64;
    public const int DataHeaderBytes = 16;
    public const int KeepaliveBytes = DataHeaderBytes + TagBytes;

    public const int TagBytes = 16;
    public const int KeyBytes = 32;
    public const int MacBytes = 16;
    public const int TimestampBytes = 12;
    public const int CookieNonceBytes = 24;

    /// <summary>The sender of an initiation or response; the receiver of everything else but a response.</summary>
    public const int IndexAt = 4;

    public const int ResponseReceiverAt = 8;

    /// <summary>What Noise wrote: after this, up to the two MACs.</summary>
    public const int InitiationNoiseAt = 8;
    public const int ResponseNoiseAt = 12;

    public const int CookieNonceAt = 8;
    public const int CookieAt = 32;

    public const int CounterAt = 8;

    public static int Mac1At(int messageBytes) => messageBytes - (2 * MacBytes);

    public static int Mac2At(int messageBytes) => messageBytes - MacBytes;
}
