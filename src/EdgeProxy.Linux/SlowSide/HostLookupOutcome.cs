namespace EdgeProxy.Linux;

/// <summary>How asking for the addresses of a host name ended.</summary>
public enum HostLookupOutcome : byte
{
    /// <summary>There is at least one address.</summary>
    Found,

    /// <summary>The name does not exist, or has no address (EAI_NONAME, EAI_NODATA).</summary>
    NoSuchName,

    /// <summary>No name server answered (EAI_AGAIN).</summary>
    NoAnswer,

    /// <summary>Anything else: a broken resolver configuration, no memory.</summary>
    Failed,
}
