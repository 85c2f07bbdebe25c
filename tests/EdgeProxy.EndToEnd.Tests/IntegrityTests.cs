using System.Globalization;
using System.Text.Json;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>Edits of routing.db by the sqlite3 program while connections with checked bytes come and go.</summary>
public sealed class IntegrityTests
{
    private const int Seed = 20261124;
    private const int Connections = 1500;

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Table_WhenEditedUnderLoad_DropsNothing(string io)
    {
        const int EditsMin = 20;
        using LoadBackend one = new("integrity-backend");
        using LoadBackend two = new("integrity-backend");
        using ProxyProcess proxy = ProxyProcess.Start(
            Rows.Backend("sa-1", "sa", one.At) + Rows.Backend("sa-2", "sa", two.At), ("IO", io), ("AFFINITY", "none"));
        // Added, weighed anew, renumbered, drained and removed; at every moment somebody can serve.
        string[] edits =
        [
            Rows.Backend("sa-3", "sa", two.At),
            "UPDATE backends SET weight = 0 WHERE id = 'sa-1'",
            "UPDATE backends SET rowid = rowid + 1000 WHERE id = 'sa-2'",
            "DELETE FROM backends WHERE id = 'sa-3'",
            "UPDATE backends SET weight = 5, soft_limit = 7 WHERE id = 'sa-1'",
            "UPDATE backends SET deleted = 1 WHERE id = 'sa-2'",
            "UPDATE backends SET deleted = 0, country = 'BR' WHERE id = 'sa-2'",
        ];
        // However fast the load is through with its connections, some twenty edits come in between.
        int runs = 0;
        for (int made = 0; made < EditsMin; runs++)
        {
            using ChildProcess load = StartLoad(proxy, Seed + runs);
            while (!load.HasExited) { proxy.Edit(edits[made++ % edits.Length]); }
            Assert.True(load.WaitForExit() == 0, load.Tail());
            JsonElement report = JsonDocument.Parse(string.Join('\n', load.Lines)).RootElement;
            Assert.Equal(0, report.GetProperty("errors").GetInt64());
            Assert.Equal(Connections, report.GetProperty("units").GetInt64());
        }

        Assert.Equal(runs * Connections, proxy.Closed("finished"));
        proxy.End();
    }

    private static ChildProcess StartLoad(ProxyProcess proxy, int seed) => ChildProcess.Start(
        Programs.Load, "integrity", proxy.Client.ToString(), "--count", Number(Connections), "--concurrency", "24",
        "--bytes-max", "524288", "--seed", Number(seed));

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
