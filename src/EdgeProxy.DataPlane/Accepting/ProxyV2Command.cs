namespace EdgeProxy.DataPlane;

/// <summary>Low four bits of byte 13 of a version 2 PROXY header.</summary>
internal enum ProxyV2Command : byte
{
    /// <summary>The sender's own connection, a health check for instance: its TCP peer is the client.</summary>
    Local = 0,

    /// <summary>Relayed for the client whose address follows.</summary>
    Proxy = 1,
}
