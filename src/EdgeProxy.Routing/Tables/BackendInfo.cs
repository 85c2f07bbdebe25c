namespace EdgeProxy.Routing;

/// <summary>A backend as its table describes it; what is true of it right now is in its slot.</summary>
/// <param name="Slot">Its number in <see cref="BackendSlots"/>, the same in every table that has it.</param>
/// <param name="AppId">The app it serves.</param>
/// <param name="Endpoint">Where it listens.</param>
/// <param name="Region">Its region's number in <see cref="RoutingTable.Regions"/>.</param>
/// <param name="Country">Its country, or none.</param>
/// <param name="Healthy">What the table says.</param>
/// <param name="Weight">0 takes no new clients.</param>
/// <param name="SoftLimit">Connections at which it counts as fully loaded; 0 counts as 1.</param>
/// <param name="HardLimit">Connections it never exceeds; 0 is no limit.</param>
public readonly record struct BackendInfo(
    int Slot,
    int AppId,
    IpEndpoint Endpoint,
    int Region,
    Country Country,
    bool Healthy,
    int Weight,
    int SoftLimit,
    int HardLimit);
