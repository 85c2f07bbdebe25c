namespace EdgeProxy.Architecture.Tests;

/// <summary>What a fence found: nothing, or everything that is to be put right, one a line.</summary>
internal static class Fence
{
    public static void Holds(IEnumerable<string> offences)
    {
        string[] found = [.. offences.Distinct(StringComparer.Ordinal)];
        Assert.True(found.Length == 0, $"{found.Length} found:\n{string.Join('\n', found)}");
    }
}
