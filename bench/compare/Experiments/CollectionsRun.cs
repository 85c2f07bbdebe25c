using System.Globalization;

namespace EdgeProxy.Compare;

/// <summary>
/// Many connections while the metrics page is read every 15 seconds: what the garbage collector did meanwhile, as the
/// page itself tells.
/// </summary>
internal sealed class CollectionsRun(LoadTool load, Addresses addresses, long connections)
{
    public const string Collections = "collections";
    public const string LoopBytes = "loop_bytes_per_connection";
    public const string OtherBytes = "allocated_bytes";

    private const string AllocatedTotal = "edgeproxy_gc_allocated_bytes_total";

    private static readonly TimeSpan ScrapeInterval = TimeSpan.FromSeconds(15);

    public async Task<Dictionary<string, double>> MeasureAsync(int proxy)
    {
        using MetricsPage page = new(addresses.Metrics);
        IReadOnlyDictionary<string, double> before = await AwaitRestAsync(page);
        Task<Dictionary<string, double>> run = load.RunAsync(
            "connections", addresses.Proxy.ToString(), "--sources", "16",
            "--pids", proxy.ToString(CultureInfo.InvariantCulture),
            "--count", connections.ToString(CultureInfo.InvariantCulture));
        while (await Task.WhenAny(run, Task.Delay(ScrapeInterval)) != run)
        {
            await page.ScrapeAsync();
        }

        Dictionary<string, double> values = await run;
        IReadOnlyDictionary<string, double> after = await page.ScrapeAsync();
        double Grown(string name) => after.GetValueOrDefault(name) - before.GetValueOrDefault(name);
        values[Collections] = Grown("edgeproxy_gc_collections_total");
        values[LoopBytes] = Grown("edgeproxy_loop_allocated_bytes_total") / values["units"];
        values[OtherBytes] = Grown(AllocatedTotal);
        return values;
    }

    /// <summary>
    /// The page once a second until the proxy's start is over: what it unpacks then is no connection's.
    /// </summary>
    private static async Task<IReadOnlyDictionary<string, double>> AwaitRestAsync(MetricsPage page)
    {
        const int LooksMax = 30;
        const double AtRestBytes = 64 * 1024;
        IReadOnlyDictionary<string, double> last = await page.ScrapeAsync();
        for (int look = 0; look < LooksMax; look++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            IReadOnlyDictionary<string, double> next = await page.ScrapeAsync();
            bool rests = next.GetValueOrDefault(AllocatedTotal) - last.GetValueOrDefault(AllocatedTotal) < AtRestBytes;
            last = next;
            if (rests)
            {
                break;
            }
        }

        return last;
    }
}
