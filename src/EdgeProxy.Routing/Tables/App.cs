namespace EdgeProxy.Routing;

/// <summary>A service behind this proxy: its own listeners, its own policy, its own backends.</summary>
public sealed class App
{
    internal App(int id, string name, IReadOnlyList<IpEndpoint> listeners, AppPolicy policy, AppBackends backends)
    {
        Id = id;
        Name = name;
        Listeners = listeners;
        Policy = policy;
        Backends = backends;
    }

    /// <summary>The name of the one app of a file without any.</summary>
    public const string ImplicitName = "default";

    /// <summary>The same for this name in every table of this process.</summary>
    public int Id { get; }

    public string Name { get; }

    public IReadOnlyList<IpEndpoint> Listeners { get; }

    public AppPolicy Policy { get; }

    internal AppBackends Backends { get; }
}
