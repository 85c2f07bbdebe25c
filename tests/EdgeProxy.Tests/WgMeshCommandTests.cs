namespace EdgeProxy.Tests;

/// <summary>
/// Plans: deterministic, stable when POPs are added, and good in the eyes of the proxy that is to run them.
/// </summary>
public sealed class WgMeshCommandTests : IDisposable
{
    private const string Key = "uFmW/sycfx/G0lcqdu2hHVm80gvo5UOxXOS9hajnWjM=";

    private static readonly string[] s_pops =
        [$"gru1,sa,203.0.113.1:51820,{Key}", "iad1,us,iad1.example.net:51821", "ord1,us,-",
            "fra1,eu,[2001:db8::1]:51820", "jnb1,af,-"];

    private readonly string _directory = Directory.CreateTempSubdirectory("edgeproxy-mesh-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Plan_WhenMade_IsTheOriginalsByRegionAndAlikeInIpv6()
    {
        string[] summary =
            [.. Mesh(out _, s_pops).Split('\n')
            .Where(static line => line.StartsWith("#   ", StringComparison.Ordinal))];
        Assert.Equal(["10.50.1.1", "10.50.2.1", "10.50.2.2", "10.50.3.1", "10.50.5.1"],
            summary.Select(static line => line.Split(": ")[1].Split(',')[0]));
        string[] six = [.. summary.Select(static line => line.Split(", ")[1])];
        string prefix = string.Join(':', six[0].Split(':').Take(3));
        Assert.StartsWith("fd", prefix, StringComparison.Ordinal);
        Assert.Equal([$"{prefix}:1::1", $"{prefix}:2::1", $"{prefix}:2::2", $"{prefix}:3::1", $"{prefix}:5::1"], six);
    }

    [Fact]
    public void Plan_WhenMadeAgain_IsTheSameAndAnotherSeedIsAnother()
    {
        Assert.Equal(Mesh(out _, s_pops), Mesh(out _, s_pops));
        Session other = new();
        Assert.Equal(ExitCode.Done, other.Run(["wg", "mesh", "--seed", "other", .. s_pops]));
        Assert.NotEqual(Mesh(out _, s_pops), other.Output);
    }

    [Fact]
    public void Plan_WhenAPopIsAppended_ChangesNoOther()
    {
        string[] before =
            [.. Mesh(out _, s_pops).Split('\n')
            .Where(static line => line.StartsWith("EDGEPROXY_WIREGUARD_ADDRESS", StringComparison.Ordinal))];
        string[] after =
            [.. Mesh(out _, [.. s_pops, "lax1,us,-"]).Split('\n')
            .Where(static line => line.StartsWith("EDGEPROXY_WIREGUARD_ADDRESS", StringComparison.Ordinal))];
        Assert.Equal(before, after.Take(before.Length));
    }

    [Fact]
    public void FullMesh_WhenPrinted_GivesEveryPopEveryOther()
    {
        string text = Mesh(out Session session, s_pops);
        Assert.Equal(s_pops.Length * (s_pops.Length - 1), text.Split("INSERT OR REPLACE").Length - 1);
        Assert.Contains("jnb1 and ord1 both have no endpoint", session.Error, StringComparison.Ordinal);
        Assert.Contains("<public key of iad1", text, StringComparison.Ordinal);
        Assert.Contains("EDGEPROXY_WIREGUARD_LISTEN_PORT=51821", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Hub_WhenPrinted_GivesEveryOtherPopTheHubAndTheHubAll()
    {
        string text = Mesh(out Session session, [.. s_pops, "--hub", "fra1"]);
        Assert.Equal(2 * (s_pops.Length - 1), text.Split("INSERT OR REPLACE").Length - 1);
        Assert.Empty(session.Error);
        Assert.Contains("'10.50.0.0/16, fd", text, StringComparison.Ordinal);
    }

    /// <summary>Every POP's file, imported on a host of its own, is one the proxy takes without a word.</summary>
    [Theory]
    [InlineData("fra1")]
    [InlineData(null)]
    public void WgQuickFiles_WhenImported_AreAllGood(string? hub)
    {
        string[] topology = hub is null ? [] : ["--hub", hub];
        foreach (string name in s_pops.Select(static pop => pop.Split(',')[0]))
        {
            string[] pops = [s_pops[0].Replace("," + Key, "", StringComparison.Ordinal), .. s_pops[1..]];
            string file = Mesh(out _, [.. pops, "--wg-quick", "--pop", name, "--keys", _directory, .. topology]);
            string host = Directory.CreateDirectory(Path.Combine(_directory, name)).FullName;
            string db = Path.Combine(host, "routing.db");
            File.WriteAllText(Path.Combine(host, "wg0.conf"), file);
            Assert.Equal(ExitCode.Done, new Session().Run("db", "init", db));
            Session import = new();
            Assert.True(import.Run("wg", "import", Path.Combine(host, "wg0.conf"), "--db-path", db) == ExitCode.Done,
                import.Error);
            Assert.Equal(File.ReadAllText(Path.Combine(_directory, name + ".key")),
                File.ReadAllText(Path.Combine(host, "wireguard.key")));
            Assert.Equal(hub is null || name == hub ? s_pops.Length - 1
                : 1, new EdgeProxy.Storage.PeerStore(db).List().Value!.Count);
        }
    }

    [Fact]
    public void Pops_WhenInAFile_AreReadWithTheirComments()
    {
        string file = Path.Combine(_directory, "pops.txt");
        File.WriteAllText(file, "# ours\ngru1 sa 203.0.113.1:51820 # Sao Paulo\n\nfra1\teu\t-\n");
        Session session = new();
        Assert.Equal(ExitCode.Done, session.Run("wg", "mesh", "--seed", "s", "--file", file, "--pop", "fra1"));
        Assert.Contains("# ---- fra1: settings", session.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("# ---- gru1", session.Output, StringComparison.Ordinal);
        // fra1 cannot be called, so it keeps its way open.
        Assert.Contains("25);", session.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("two POPs", "gru1,sa,-")]
    [InlineData("name,region,endpoint", "gru1,sa", "a,b,-")]
    [InlineData("named twice", "gru1,sa,-", "gru1,eu,-")]
    [InlineData("a name '../x'", "../x,sa,-", "a,b,-")]
    [InlineData("an endpoint 'host'", "gru1,sa,host", "a,b,-")]
    [InlineData("a public key 'x'", "gru1,sa,-,x", "a,b,-")]
    [InlineData("there is no POP none", "gru1,sa,-", "a,b,-", "--hub", "none")]
    public void Pops_WhenWrong_AreRefusedWithTheReason(string said, params string[] words)
    {
        Session session = new();
        Assert.Equal(ExitCode.Usage, session.Run(["wg", "mesh", "--seed", "s", .. words]));
        Assert.Contains(said, session.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Seed_WhenMissing_IsAskedFor() =>
        Assert.Equal(ExitCode.Usage, new Session().Run("wg", "mesh", "a,b,-", "c,d,-"));

    private static string Mesh(out Session session, params string[] words)
    {
        session = new Session();
        Assert.True(session.Run(["wg", "mesh", "--seed", "example.net", .. words]) == ExitCode.Done, session.Error);
        return session.Output;
    }
}
