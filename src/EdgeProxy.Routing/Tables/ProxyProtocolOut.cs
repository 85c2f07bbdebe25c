namespace EdgeProxy.Routing;

/// <summary>Which PROXY protocol header an app's backends are sent.</summary>
public enum ProxyProtocolOut : byte
{
    Off,
    V1,
    V2,
}
