using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>A request of the WireGuard userspace protocol that was whole and good.</summary>
/// <param name="Change">What to set; null for <c>get=1</c>.</param>
internal sealed record UapiRequest(TunnelChange? Change);
