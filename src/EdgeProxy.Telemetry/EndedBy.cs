namespace EdgeProxy.Telemetry;

/// <summary>Which side moved first towards the end of a connection.</summary>
public enum EndedBy : byte
{
    Client,
    Backend,
    Proxy,
}
