namespace EdgeProxy.DataPlane;

/// <summary>What makes a PROXY protocol header invalid.</summary>
internal enum ProxyHeaderProblem : byte
{
    None,

    // Version 1, the text line.

    /// <summary>No CRLF within <see cref="ProxyHeaderParser.V1BytesMax"/>.</summary>
    LineTooLong,

    /// <summary>A CR or a LF that is not part of a CRLF.</summary>
    LineEnding,

    /// <summary>Not TCP4, TCP6 or UNKNOWN, or not followed by one space.</summary>
    LineFamily,

    /// <summary>Not four fields after the family, each behind exactly one space.</summary>
    LineFields,

    /// <summary>An address that is not of the family or not in its plain form.</summary>
    LineAddress,

    /// <summary>A port above 65535, with a leading zero, or not a number.</summary>
    LinePort,

    // Version 2, the binary block.

    /// <summary>The signature of version 2 with another version number.</summary>
    Version,

    /// <summary>Neither LOCAL nor PROXY.</summary>
    Command,

    /// <summary>An address family above UNIX.</summary>
    Family,

    /// <summary>A transport above DGRAM.</summary>
    Transport,

    /// <summary>More than <see cref="ProxyHeaderParser.V2BytesMax"/> announced.</summary>
    TooLong,

    /// <summary>The block is shorter than the addresses of its family.</summary>
    AddressesCutShort,

    /// <summary>An optional field reaches past the end, or has a length its type does not allow.</summary>
    Tlv,

    /// <summary>The CRC32C does not fit the header, or comes twice.</summary>
    Checksum,
}
