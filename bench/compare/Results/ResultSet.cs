using System.Text.Json;

namespace EdgeProxy.Compare;

/// <summary>Everything one comparison came to: kept as JSON, and all that charts and pages are made from.</summary>
internal sealed record ResultSet(
    Machine Machine,
    string Mode,
    int Loops,
    long BinaryBytes,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyList<Sample> Samples)
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = false,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Median over the rounds; null where there is no such sample or the sample has no such number.</summary>
    public double? Median(string experiment, string congestion, string contender, string key)
    {
        double[] values = Values(experiment, congestion, contender, key);
        return values.Length == 0 ? null
            : values.Length % 2 == 1 ? values[values.Length / 2]
            : (values[values.Length / 2 - 1] + values[values.Length / 2]) / 2;
    }

    /// <summary>All values in rising order.</summary>
    public double[] Values(string experiment, string congestion, string contender, string key) =>
    [
        .. Samples
            .Where(s => s.Experiment == experiment && s.Congestion == congestion && s.Contender == contender)
            .Where(s => s.Values.ContainsKey(key))
            .Select(s => s.Values[key])
            .Order(),
    ];

    public IReadOnlyList<string> CongestionControls(string experiment) =>
        [.. Samples.Where(s => s.Experiment == experiment).Select(s => s.Congestion).Distinct(StringComparer.Ordinal)];

    public async Task SaveAsync(string path)
    {
        // One sample a line: small, and a diff shows what changed.
        ResultSet head = this with { Samples = [] };
        string json = JsonSerializer.Serialize(head, Format);
        IEnumerable<string> lines = Samples.Select(s => "  " + JsonSerializer.Serialize(s, Format));
        json = json[..json.LastIndexOf('[')] + "[\n" + string.Join(",\n", lines) + "\n]}\n";
        await File.WriteAllTextAsync(path, json);
    }

    public static async Task<ResultSet> LoadAsync(string path) =>
        JsonSerializer.Deserialize<ResultSet>(await File.ReadAllTextAsync(path), Format)
        ?? throw new CompareException($"{path} is empty");
}
