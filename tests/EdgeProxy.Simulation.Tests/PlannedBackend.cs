using EdgeProxy.Linux;

namespace EdgeProxy.Simulation.Tests;

/// <summary>A backend of a simulated world: where it is, and what its row says at the moment.</summary>
internal sealed class PlannedBackend(string id, string app, SocketAddress address)
{
    public string Id { get; } = id;

    public string App { get; } = app;

    public SocketAddress Address { get; } = address;

    public int Weight { get; set; } = 1;

    public int HardLimit { get; set; }

    public bool Healthy { get; set; } = true;

    /// <summary>Its row is in the table.</summary>
    public bool Listed { get; set; } = true;

    /// <summary>Something listens at its address.</summary>
    public bool PortOpen { get; set; }

    /// <summary>Connections it has been given so far.</summary>
    public int Accepted { get; set; }

    /// <summary>Seats taken when last looked at.</summary>
    public int Seats { get; set; }

    /// <summary>The highest limit in force since then; 0 is none.</summary>
    public int LimitInForce { get; set; }
}
