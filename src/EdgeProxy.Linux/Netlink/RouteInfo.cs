namespace EdgeProxy.Linux;

/// <summary>A route of the main table.</summary>
/// <param name="LinkIndex">Where it leads; 0 when it leads nowhere or to several.</param>
/// <param name="Prefix">What it is for.</param>
/// <param name="Protocol">Who made it: <see cref="RouteNetlink.OwnProtocol"/> is us.</param>
/// <param name="Metric">The lowest wins.</param>
public readonly record struct RouteInfo(int LinkIndex, NetworkPrefix Prefix, byte Protocol, uint Metric);
