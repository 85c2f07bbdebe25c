using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>The tunnel as the control plane follows it; made by the composition, where the engine is known.</summary>
/// <param name="name">Name of the interface.</param>
/// <param name="device">The engine.</param>
/// <param name="answersWg">`wg` is to be answered by this program; false for a device of the kernel, which does it
/// itself.</param>
public sealed class TunnelSources(string name, ITunnelDevice device, bool answersWg)
{
    internal string Name => name;

    internal ITunnelDevice Device => device;

    internal bool AnswersWg => answersWg;
}
