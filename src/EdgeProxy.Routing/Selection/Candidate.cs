namespace EdgeProxy.Routing;

/// <summary>One backend as a client's pick sees it.</summary>
public sealed class Candidate
{
    /// <summary>The backend's id.</summary>
    public required string Id { get; init; }

    /// <summary>The backend as the table has it.</summary>
    public required BackendInfo Backend { get; init; }

    /// <summary>Its region's name.</summary>
    public required string Region { get; init; }

    /// <summary>0 the client's country, 1 its region, 2 this POP's region, 3 any other.</summary>
    public required int Tier { get; init; }

    /// <summary>Connections it carries now.</summary>
    public required int Connections { get; init; }

    /// <summary>(connections / soft limit) / weight; 0 with a weight of 0.</summary>
    public required double Load { get; init; }

    /// <summary>Tier × 100 + load; the lowest wins.</summary>
    public required double Score { get; init; }

    /// <summary>Why it takes no new client.</summary>
    public required Exclusion Exclusion { get; init; }

    /// <summary>The chance to be picked, 0 to 1: equal best scores share by weight.</summary>
    public required double Share { get; init; }
}
