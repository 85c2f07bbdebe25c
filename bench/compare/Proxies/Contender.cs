namespace EdgeProxy.Compare;

/// <summary>A proxy in one configuration, as it takes part in the comparison.</summary>
/// <param name="Name">Key in results: letters, digits, dashes.</param>
/// <param name="Label">What tables and charts say.</param>
/// <param name="Command">How it is started in the foreground.</param>
internal sealed record Contender(string Name, string Label, CommandLine Command)
{
    public const string Uring = "edgeproxy-uring";
    public const string Epoll = "edgeproxy-epoll";
    public const string Haproxy = "haproxy";
    public const string HaproxySplice = "haproxy-splice";
    public const string HaproxyBusy = "haproxy-busy";
    public const string Nginx = "nginx";
    public const string Floor = "floor";
    public const string FloorSpin = "floor-spin";
    public const string FloorLowWater = "floor-lowat";
}
