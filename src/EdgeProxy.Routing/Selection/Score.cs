namespace EdgeProxy.Routing;

/// <summary>
/// The score of a backend for a client, lowest wins: tier × 100 + (connections / soft limit) / weight. Everything that
/// scores (the index, the explanation, the tests' own model) goes through here.
/// </summary>
internal static class Score
{
    public const int Tiers = 4;

    private const double TierStep = 100;

    /// <summary>The load part; a soft limit of 0 counts as 1. One division, so equal loads are equal numbers.</summary>
    public static double Load(int connections, int softLimit, int weight) =>
        connections / ((double)Math.Max(1, softLimit) * weight);

    public static double Of(int tier, double load) => (tier * TierStep) + load;

    /// <summary>0 the client's country, 1 its region, 2 this POP's region, 3 any other.</summary>
    public static int Tier(ClientPlace client, Country country, int region, int popRegion)
    {
        if (client.Country != Country.None && country == client.Country) { return 0; }
        if (client.Region != RegionMap.None && region == client.Region) { return 1; }
        return region == popRegion ? 2 : 3;
    }
}
