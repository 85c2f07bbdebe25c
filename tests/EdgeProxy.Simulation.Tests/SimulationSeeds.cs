using System.Globalization;

namespace EdgeProxy.Simulation.Tests;

/// <summary>Which seeds run: so many from the first on, or the one asked for.</summary>
internal static class SimulationSeeds
{
    /// <summary>One seed to run again.</summary>
    public const string Variable = "EDGEPROXY_SEED";

    /// <summary>How many seeds to run instead of the usual few.</summary>
    public const string CountVariable = "SIMULATION_SEEDS";

    public static IEnumerable<ulong> Of(int usualCount)
    {
        if (Read(Variable) is { } only) { return [only]; }
        int count = (int)(Read(CountVariable) ?? (ulong)usualCount);
        return Enumerable.Range(1, count).Select(static s => (ulong)s);
    }

    private static ulong? Read(string variable) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out ulong value) ? value : null;
}
