namespace EdgeProxy.Fuzz;

/// <summary>What has to hold whatever the input is.</summary>
internal static class Truth
{
    public static void Holds(bool condition, string what)
    {
        if (!condition) { throw new InvalidOperationException($"Not true: {what}."); }
    }
}
