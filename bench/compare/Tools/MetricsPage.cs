using System.Globalization;

namespace EdgeProxy.Compare;

/// <summary>Reads edgeproxy's own metrics page.</summary>
internal sealed class MetricsPage(System.Net.IPEndPoint address) : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>The sum of each family over all its label sets, by family name.</summary>
    public async Task<IReadOnlyDictionary<string, double>> ScrapeAsync()
    {
        string text = await _http.GetStringAsync(new Uri($"http://{address}/metrics"));
        Dictionary<string, double> sums = new(StringComparer.Ordinal);
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] != '#')
            {
                string name = line[..line.AsSpan().IndexOfAny('{', ' ')];
                double value = double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
                sums[name] = sums.GetValueOrDefault(name) + value;
            }
        }

        return sums;
    }

    public void Dispose() => _http.Dispose();
}
