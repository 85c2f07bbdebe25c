namespace EdgeProxy.DataPlane;

/// <summary>One packet on its way to the TUN, made of one received packet or of several of a TCP flow.</summary>
internal struct CoalescedFrame
{
    /// <summary>Where the first packet stands.</summary>
    public int Offset;

    /// <summary>Of the first packet.</summary>
    public int Length;

    /// <summary>Of the first packet: the headers in front of its payload; 0 for what is passed on as it is.</summary>
    public ushort HeaderBytes;

    /// <summary>Of the IP header in that.</summary>
    public ushort IpHeaderBytes;

    /// <summary>Payload of each packet but the last.</summary>
    public ushort SegmentBytes;

    /// <summary>Packets it is made of.</summary>
    public ushort Count;

    /// <summary>Headers once and all payload.</summary>
    public int TotalBytes;

    /// <summary>What the sequence number of the next packet must be.</summary>
    public uint NextSequence;

    /// <summary>The last of the pieces behind the first packet, or -1.</summary>
    public int LastPiece;

    /// <summary>The first of them, or -1.</summary>
    public int FirstPiece;

    public bool IsIPv6;

    /// <summary>The last packet had PSH.</summary>
    public bool HasPush;
}
