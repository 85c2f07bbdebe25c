using EdgeProxy.Routing;

namespace EdgeProxy.Simulation.Tests;

/// <summary>An app of a simulated world.</summary>
internal sealed class PlannedApp(AppRow row)
{
    public AppRow Row { get; } = row;

    public string Name => Row.Name;

    /// <summary>Its row is in the table.</summary>
    public bool Listed { get; set; } = true;

    public bool TakesHeader => Row.ProxyProtocol is "optional" or "required";

    public bool SendsHeader => Row.SendProxyProtocol is "v1" or "v2";
}
