namespace EdgeProxy.Routing;

/// <summary>Whether an app's listeners read a PROXY protocol header.</summary>
public enum ProxyProtocolIn : byte
{
    Off,

    /// <summary>A trusted peer may send one; without it the peer is the client.</summary>
    Optional,

    /// <summary>A connection without a header from a trusted peer is closed.</summary>
    Required,
}
