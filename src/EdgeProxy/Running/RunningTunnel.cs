using EdgeProxy.ControlPlane;
using EdgeProxy.Routing;

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
    public TunnelSources Sources => new(name, device, answersWg: engine == Builtin);

    public void Dispose() => life.Dispose();
}
