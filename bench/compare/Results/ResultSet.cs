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
    public double? Median(string experiment, string congestion, string contender, string key) =>
        Median(Values(experiment, congestion, contender, key));

    /// <summary>
    /// Median over the rounds of one contender's number divided by another's of the same round. Within a round they ran
    /// right after one another, so a machine that is slower for a minute does not shift it.
    /// </summary>
    public double? MedianRatio(string experiment, string congestion, string contender, string against, string key) =>
        Median(
        [
            .. from own in Having(experiment, congestion, contender, key)
            join other in Having(experiment, congestion, against, key) on own.Round equals other.Round
            let ratio = own.Values[key] / other.Values[key]
            orderby ratio
            select ratio,
        ]);

    /// <summary>All values in rising order.</summary>
    public double[] Values(string experiment, string congestion, string contender, string key) =>
        [.. Having(experiment, congestion, contender, key).Select(s => s.Values[key]).Order()];

    public IReadOnlyList<string> CongestionControls(string experiment) =>
        [.. Samples.Where(s => s.Experiment == experiment).Select(s => s.Congestion).Distinct(StringComparer.Ordinal)];

    private IEnumerable<Sample> Having(string experiment, string congestion, string contender, string key) =>
        Samples.Where(s => s.Experiment == experiment && s.Congestion == congestion && s.Contender == contender
            && s.Values.ContainsKey(key));

    private static double? Median(double[] ordered) =>
        ordered.Length == 0 ? null
        : ordered.Length % 2 == 1 ? ordered[ordered.Length / 2]
        : (ordered[ordered.Length / 2 - 1] + ordered[ordered.Length / 2]) / 2;

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
