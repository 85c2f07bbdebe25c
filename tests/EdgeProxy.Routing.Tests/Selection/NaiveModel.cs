using Row = EdgeProxy.Routing.Tests.TableMaker.Row;

namespace EdgeProxy.Routing.Tests;

/// <summary>
/// The score as its definition reads, over plain rows, in exact fractions: tier × 100 + (connections / soft) / weight,
/// lowest wins. Shares no code with what it judges.
/// </summary>
internal sealed class NaiveModel(IReadOnlyList<Row> rows, string popRegion)
{
    private readonly Dictionary<string, int> _connections = 
        rows.ToDictionary(static r => r.Id, static _ => 0, StringComparer.Ordinal);

    public int this[string id]
    {
        get => _connections[id];
        set => _connections[id] = value;
    }

    public static string CountryOf(Row row) => row.Country.Length > 0 ? row.Country : row.Region switch
    {
        "sa" => "BR",
        "us" => "US",
        "eu" => "DE",
        "ap" => "JP",
        _ => "",
    };

    /// <summary>The ids that may win, given which rows were tried; empty if nobody can.</summary>
    public List<string> BestOf(string app, string country, string region, IReadOnlyList<Row> tried)
    {
        List<string> elsewhere = tried.Count == 0 ? [] : BestOf(app, country, region, tried, tried[^1].Ip);
        return elsewhere.Count > 0 ? elsewhere : BestOf(app, country, region, tried, failed: "");
    }

    private List<string> BestOf(string app, string country, string region, IReadOnlyList<Row> tried, string failed)
    {
        List<string> best = [];
        Int128 bestTop = 0;
        Int128 bestBottom = 0;
        foreach (Row row in rows)
        {
            if (row.App != app || row.Deleted || !row.Healthy || row.Weight == 0) { continue; }
            int connections = _connections[row.Id];
            if (row.Hard > 0 && connections >= row.Hard) { continue; }
            if (tried.Any(t => t.Id == row.Id || (t.Ip == row.Ip && t.Port == row.Port))) { continue; }
            if (row.Ip == failed) { continue; }
            int tier = country.Length > 0 && CountryOf(row) == country ? 0
                : region.Length > 0 && row.Region == region ? 1
                : row.Region == popRegion ? 2
                : 3;
            Int128 bottom = (row.Soft == 0 ? 1 : row.Soft) * row.Weight;
            Int128 top = (100 * tier * bottom) + connections;
            Int128 order = best.Count == 0 ? -1 : (top * bestBottom) - (bestTop * bottom);
            if (order > 0) { continue; }
            if (order < 0) { best.Clear(); }
            best.Add(row.Id);
            bestTop = top;
            bestBottom = bottom;
        }

        return best;
    }
}
