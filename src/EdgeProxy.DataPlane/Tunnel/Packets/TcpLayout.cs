namespace EdgeProxy.DataPlane;

/// <summary>Where the fields of a TCP header stand (RFC 9293 §3.1), from its start.</summary>
internal static class TcpLayout
{
    public const int HeaderBytesMin = 20;
    public const int SequenceAt = 4;
    public const int AcknowledgementAt = 8;
    public const int OffsetAt = 12;
    public const int FlagsAt = 13;
    public const int ChecksumAt = 16;

    /// <summary>Of the header with its options; fewer than 20 in one that is none.</summary>
    public static int HeaderBytes(ReadOnlySpan<byte> tcp) => (tcp[OffsetAt] >> 4) * 4;
}
