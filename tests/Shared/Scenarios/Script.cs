namespace EdgeProxy.Testing;

/// <summary>Runs one proxied connection, told from both ends, on one poller: the simulated one with many seeds.</summary>
public static class Script
{
    /// <param name="poller">The engine.</param>
    /// <param name="client">The client's script.</param>
    /// <param name="backend">The script of each connection to the one backend.</param>
    /// <param name="options">How the proxy is set up.</param>
    /// <param name="then">Looks at the finished run.</param>
    public static void Run(
        Poller poller, string client, string backend, RigOptions? options = null, Action<ProxyRig>? then = null) =>
        Run(poller, options ?? new RigOptions(), rig =>
        {
            rig.AddBackend(backend);
            rig.Publish();
            rig.AddClient(client);
            rig.RunToEnd();
            then?.Invoke(rig);
        });

    /// <summary>Runs a scenario of the test's own making on a fresh rig for each seed.</summary>
    public static void Run(Poller poller, RigOptions options, Action<ProxyRig> scenario)
    {
        foreach (ulong seed in poller == Poller.Simulated ? SeedRange.Of(options.Seeds) : [options.Seed])
        {
            using ProxyRig rig = new(poller, options with { Seed = seed });
            scenario(rig);
        }
    }
}
