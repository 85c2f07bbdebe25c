using System.Globalization;

namespace EdgeProxy.Testing;

/// <summary>Which seeds a simulated test runs: a few, or as the environment says.</summary>
public static class SeedRange
{
    /// <summary>One seed to run again.</summary>
    public const string Variable = "EDGEPROXY_SEED";

    /// <summary>How many times as many seeds as usual.</summary>
    public const string FactorVariable = "EDGEPROXY_SEED_FACTOR";

    /// <summary>1 to <paramref name="count"/>, or the one asked for.</summary>
    public static IEnumerable<ulong> Of(int count)
    {
        if (Read(Variable) is { } only) { return [only]; }
        int factor = (int)(Read(FactorVariable) ?? 1);
        return Enumerable.Range(1, count * factor).Select(static s => (ulong)s);
    }

    private static ulong? Read(string variable) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out ulong value) ? value : null;
}
