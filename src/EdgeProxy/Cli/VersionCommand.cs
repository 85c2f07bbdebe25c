using EdgeProxy.Routing;

namespace EdgeProxy;

/// <summary><c>edgeproxy version</c>: what this binary is and how old the country table in it is.</summary>
internal static class VersionCommand
{
    /// <summary>The attribution the data's licence asks for.</summary>
    private const string GeoSource = "IP Geolocation by DB-IP, https://db-ip.com, CC BY 4.0";

    public static Command Command { get; } = new("version", "Show the version, its commit, and the date of the embedded country table.")
    {
        Flags = [CommandFlag.Json],
        Run = Run,
    };

    /// <summary>"0.1.0".</summary>
    public static string Version => Parts().Version;

    private static ExitCode Run(Invocation call)
    {
        (string version, string commit) = Parts();
        string geoDate = IsoDay.Text(EmbeddedGeo.BuiltAt);
        if (call.Json)
        {
            call.Terminal.WriteJson(json =>
            {
                json.WriteStartObject();
                json.WriteString("version", version);
                json.WriteString("commit", commit);
                json.WriteString("geo", GeoSource);
                json.WriteString("geo_date", geoDate);
                json.WriteEndObject();
            });
            return ExitCode.Done;
        }

        call.Out.WriteLine(commit.Length > 0 ? $"edgeproxy {version} (commit {commit})" : $"edgeproxy {version}");
        call.Out.WriteLine($"countries: {geoDate} ({GeoSource})");
        return ExitCode.Done;
    }

    /// <summary>The informational version is "version+commit" where the build knew the commit.</summary>
    private static (string Version, string Commit) Parts()
    {
        const int CommitShown = 12;
        string text = BuildVersion.Text;
        int plus = text.IndexOf('+');
        if (plus < 0) { return (text, ""); }
        string commit = text[(plus + 1)..];
        return (text[..plus], commit.Length > CommitShown ? commit[..CommitShown] : commit);
    }
}
