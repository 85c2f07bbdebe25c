using System.Text.Json;

namespace EdgeProxy.Crypto.Tests;

/// <summary>Published test vectors, as data/README.md names them.</summary>
internal static class Vectors
{
    /// <summary>Every test of a Wycheproof file, with the group it stands in.</summary>
    public static IEnumerable<(JsonElement Group, JsonElement Test)> Wycheproof(string file)
    {
        JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(PathOf(file)));
        return from @group in document.RootElement.GetProperty("testGroups").EnumerateArray()
               from test in @group.GetProperty("tests").EnumerateArray()
               select (@group, test);
    }

    public static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "data", file);

    public static byte[] Bytes(this JsonElement test, string name) =>
        Convert.FromHexString(test.GetProperty(name).GetString()!);

    public static string Text(this JsonElement test, string name) => test.GetProperty(name).ToString();

    /// <summary>0, 1, 2 and so on.</summary>
    public static byte[] Counting(int length, int from = 0) =>
        [.. Enumerable.Range(from, length).Select(static i => (byte)i)];
}
