namespace EdgeProxy.Routing;

/// <summary>One backend as a client's pick sees it.</summary>
/// <param name="Id">The backend's id.</param>
/// <param name="Backend">The backend as the table has it.</param>
/// <param name="Region">Its region's name.</param>
/// <param name="Tier">0 the client's country, 1 its region, 2 this POP's region, 3 any other.</param>
/// <param name="Connections">Connections it carries now.</param>
/// <param name="Load">(connections / soft limit) / weight; 0 with a weight of 0.</param>
/// <param name="Score">Tier × 100 + load; the lowest wins.</param>
/// <param name="Exclusion">Why it takes no new client.</param>
/// <param name="Share">The chance to be picked, 0 to 1: equal best scores share by weight.</param>
public sealed record Candidate(
    string Id,
    BackendInfo Backend,
    string Region,
    int Tier,
    int Connections,
    double Load,
    double Score,
    Exclusion Exclusion,
    double Share);
