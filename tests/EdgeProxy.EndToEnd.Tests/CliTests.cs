using System.Text.Json;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>The commands against a proxy that runs.</summary>
public sealed class CliTests
{
    [Fact]
    public void Explain_WhenAProxyRuns_AnswersAsItRoutes()
    {
        using NamedBackend sa = new("sa-1");
        using NamedBackend eu = new("eu-1");
        using ProxyProcess proxy = ProxyProcess.Start(
            Rows.Places + Rows.Backend("sa-1", "sa", sa.At) + Rows.Backend("eu-1", "eu", eu.At));
        JsonElement german = Json(proxy.Cli("explain", "198.51.100.7", "--json"));
        Assert.Equal("eu-1", german.GetProperty("winner").GetString());
        Assert.Equal("DE", german.GetProperty("country").GetString());
        proxy.Edit("UPDATE backends SET healthy = 0 WHERE id = 'eu-1'");
        JsonElement moved = Json(proxy.Cli("explain", "198.51.100.7", "--json"));
        Assert.Equal("sa-1", moved.GetProperty("winner").GetString());
        Assert.Equal("unhealthy", moved.GetProperty("candidates").EnumerateArray()
            .Single(static c => c.GetProperty("id").GetString() == "eu-1").GetProperty("excluded").GetString());
        ProgramResult text = proxy.Cli("explain", "198.51.100.7");
        Assert.Equal(0, text.ExitCode);
        Assert.DoesNotContain("no proxy runs", text.Out, StringComparison.Ordinal);
        Assert.Equal(2, proxy.Cli("explain", "nonsense").ExitCode);
        Assert.Equal(1, proxy.Cli("explain", "198.51.100.7", "--app", "nobody").ExitCode);
        proxy.End();

        // Without one the files answer.
        Assert.Contains("no proxy runs", proxy.Cli("explain", "198.51.100.7").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Status_WhenAProxyRuns_ShowsItsConnections()
    {
        using NamedBackend backend = new("sa-1");
        using ProxyProcess proxy = ProxyProcess.Start(Rows.Backend("sa-1", "sa", backend.At));
        using (System.Net.Sockets.Socket client = Wire.Connect(proxy.Client))
        {
            Assert.Equal("sa-1", client.ReadLine());
            JsonElement status = Json(proxy.Cli("status", "--json"));
            Assert.Equal(1, status.GetProperty("connections").GetProperty("current").GetInt32());
            Assert.Equal(proxy.Id, status.GetProperty("pid").GetInt32());
            Assert.True(status.GetProperty("ready").GetBoolean());
            Assert.Equal(0, proxy.Cli("status").ExitCode);
        }

        proxy.End();
        Assert.Equal(5, proxy.Cli("status").ExitCode);
    }

    [Fact]
    public void Backends_WhenChanged_AreFollowedByTheProxy()
    {
        using NamedBackend one = new("sa-1");
        using NamedBackend two = new("sa-2");
        using ProxyProcess proxy = ProxyProcess.Start(Rows.Backend("sa-1", "sa", one.At), ("AFFINITY", "none"));
        string port = two.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        Change(proxy, "backends", "add", "sa-2", "--region", "sa", "--address", "127.0.0.1", "--port", port);
        Change(proxy, "backends", "drain", "sa-1");
        Assert.Equal("sa-2", Wire.Ask(proxy.Client, "\n"));
        Change(proxy, "backends", "ready", "sa-1");
        Change(proxy, "backends", "set", "sa-2", "--healthy", "false");
        Assert.Equal("sa-1", Wire.Ask(proxy.Client, "\n"));
        Change(proxy, "backends", "remove", "sa-2");
        JsonElement listed = Json(proxy.Cli("backends", "list", "--json"));
        Assert.Equal("sa-1", listed.EnumerateArray().Single().GetProperty("id").GetString());
        ProgramResult unknown = proxy.Cli("backends", "drain", "nobody");
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("nobody", unknown.Error, StringComparison.Ordinal);
        proxy.End();
    }

    [Fact]
    public void CheckAndDoctor_WhenAsked_SayWhatIsWrongAndTheCure()
    {
        using NamedBackend backend = new("sa-1");
        using ProxyProcess proxy = ProxyProcess.Start(Rows.Backend("sa-1", "sa", backend.At));
        ProgramResult check = proxy.Cli("check");
        Assert.Equal(0, check.ExitCode);
        Assert.Contains("1 backends, 0 bad rows", check.Out, StringComparison.Ordinal);
        Assert.Equal(3, proxy.Cli("check", "--workers", "many").ExitCode);
        Assert.Equal(2, proxy.Cli("chekc").ExitCode);
        Assert.Equal(1, Programs.Run(Programs.EdgeProxy, "check", "--db-path", proxy.Workspace.DbPath + ".nowhere").ExitCode);

        ProgramResult doctor = proxy.Cli("doctor", "--json");
        JsonElement[] findings = [.. JsonDocument.Parse(doctor.Out).RootElement.EnumerateArray()];
        Assert.NotEmpty(findings);
        bool bad = Array.Exists(findings, static f => f.GetProperty("verdict").GetString() == "bad");
        Assert.Equal(bad ? 4 : 0, doctor.ExitCode);
        Assert.All(
            findings.Where(static f => f.GetProperty("verdict").GetString() != "good"),
            static f => Assert.NotEmpty(f.GetProperty("cure").GetString()!));
        proxy.End();
    }

    private static void Change(ProxyProcess proxy, params string[] words)
    {
        ProgramResult result = proxy.Cli(words);
        Assert.True(result.ExitCode == 0, result.Everything);
        proxy.Edit("SELECT 1"); // Its mark comes after the change, so the change is live when the mark is.
    }

    private static JsonElement Json(ProgramResult result)
    {
        Assert.True(result.ExitCode == 0, result.Everything);
        return JsonDocument.Parse(result.Out).RootElement;
    }
}
