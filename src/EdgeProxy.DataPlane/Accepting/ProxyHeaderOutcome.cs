namespace EdgeProxy.DataPlane;

/// <summary>What the bytes seen so far say about a PROXY protocol header.</summary>
internal enum ProxyHeaderOutcome : byte
{
    /// <summary>They may be the start of one: parse again with more.</summary>
    NeedMore,

    /// <summary>They cannot be one: the sender began with its own protocol.</summary>
    NotAHeader,

    /// <summary>They claim to be one and are not valid; the connection must end.</summary>
    Malformed,

    /// <summary>A whole, valid header.</summary>
    Parsed,
}
