using EdgeProxy.ControlPlane;
using EdgeProxy.Routing;
using EdgeProxy.Telemetry;

namespace EdgeProxy;

/// <summary>The backhaul that runs.</summary>
/// <param name="engine">What carries its packets: "kernel" or "builtin".</param>
/// <param name="name">Of its interface.</param>
/// <param name="device">What is asked and told about it.</param>
/// <param name="life">Ends it.</param>
internal sealed class RunningTunnel(string engine, string name, ITunnelDevice device, IDisposable life) : IDisposable
{
    public const string Builtin = "builtin";
    public const string Kernel = "kernel";

    public string Engine => engine;

    public ITunnelDevice Device => device;

    /// <summary>For the control plane, which answers `wg` where the kernel does not.</summary>
    public TunnelSources Sources => new()
    {
        Name = name, Engine = engine, Device = device, AnswersWg = engine == Builtin, Workers = Workers,
    };

    /// <summary>What the threads of the built-in engine count.</summary>
    public IReadOnlyList<TunnelCounters> Workers { get; init; } = [];

    public void Dispose() => life.Dispose();
}
