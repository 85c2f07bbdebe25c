using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>
/// The native binary, running on ports of its own choice over a routing.db of its own. A test ends with
/// <see cref="End"/>, which holds it to what every test expects: nothing leaked, nothing complained of, exit code 0.
/// </summary>
internal sealed partial class ProxyProcess : IDisposable
{
    private static readonly HttpClient s_http = new() { Timeout = Patience.Limit };

    private readonly HttpClient _http;

    private readonly ChildProcess _process;
    private readonly bool _ownsWorkspace;
    private readonly int _descriptorsAtRest;
    private string _mark = "";

    private ProxyProcess(ChildProcess process, Workspace workspace, bool ownsWorkspace, NetworkHost? host)
    {
        _http = host is null ? s_http : ClientOn(host);
        _process = process;
        Workspace = workspace;
        _ownsWorkspace = ownsWorkspace;
        try
        {
            process.WaitFor("msg=ready");
            Metrics = Field(process.Lines.Last(static l => l.Contains("msg=ready", StringComparison.Ordinal)), "metrics");
            _ = Metric("process_open_fds"); // What the first look opens stays open.
            _descriptorsAtRest = process.Descriptors;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public Workspace Workspace { get; }

    /// <summary>Where clients connect; of several listeners, the first.</summary>
    public IPEndPoint Client => Listener("");

    /// <summary>Address and port of the metrics page.</summary>
    public string Metrics { get; }

    public int Id => _process.Id;

    public int Descriptors => _process.Descriptors;

    public long ResidentBytes => _process.ResidentBytes;

    public TimeSpan Cpu => _process.Cpu;

    public IReadOnlyList<string> Log => _process.Lines;

    public static ProxyProcess Start(string sql, params (string Name, string Value)[] settings) =>
        StartOver(Workspace.Create(sql), ownsWorkspace: true, [], host: null, settings);

    /// <summary>With a limit of descriptors, soft and hard.</summary>
    public static ProxyProcess StartLimited(int descriptorsMax, string sql, params (string Name, string Value)[] settings) =>
        StartOver(
            Workspace.Create(sql), ownsWorkspace: true, ["prlimit", $"--nofile={descriptorsMax}:{descriptorsMax}"],
            host: null, settings);

    /// <summary>Over files that are there already and stay when it ends.</summary>
    public static ProxyProcess StartOver(Workspace workspace, params (string Name, string Value)[] settings) =>
        StartOver(workspace, ownsWorkspace: false, [], host: null, settings);

    /// <summary>On a host of the test's, over files that are there already and stay when it ends.</summary>
    /// <param name="host">Whose loopback it listens on.</param>
    /// <param name="workspace">Its files.</param>
    /// <param name="before">A program that runs it, such as one that takes a right away first.</param>
    /// <param name="settings">As everywhere.</param>
    public static ProxyProcess StartOn(
        NetworkHost host, Workspace workspace, string[] before, params (string Name, string Value)[] settings) =>
        StartOver(workspace, ownsWorkspace: false, before, host, settings);

    /// <summary>Where an app's clients connect; its listener opens just after the table is in use.</summary>
    /// <param name="app">Its name; empty for whichever was opened first.</param>
    public IPEndPoint Listener(string app)
    {
        string? line = null;
        Patience.Until(
            () => (line = Log.LastOrDefault(l => l.Contains("msg=listening", StringComparison.Ordinal)
                && (app.Length == 0 || l.EndsWith("app=" + app, StringComparison.Ordinal)))) is not null,
            () => $"a listener of {app}\n{_process.Tail()}");
        return IPEndPoint.Parse(Field(line!, "address"));
    }

    public string WaitFor(string text) => _process.WaitFor(text);

    /// <summary>
    /// Edits routing.db as an operator would, and returns when the proxy routes by it. A mark goes with the edit, an
    /// override that alternates, since the table's version may also count up for a second look at the edit before.
    /// </summary>
    public void Edit(string sql)
    {
        string mark = _mark = _mark == "us" ? "ap" : "us";
        Workspace.Sql($"BEGIN IMMEDIATE; {sql}; {Rows.Mark(mark)} COMMIT");
        WaitForMark(mark);
    }

    /// <summary>Until the table in use is one with this mark in it.</summary>
    public void WaitForMark(string region)
    {
        string app = Ask("{\"cmd\":\"status\"}").GetProperty("apps")[0].GetProperty("name").GetString()!;
        string question = $"{{\"cmd\":\"explain\",\"ip\":\"{Rows.MarkedAddress}\",\"app\":\"{app}\"}}";
        Patience.Until(
            () => Ask(question).GetProperty("region").GetString() == region,
            () => $"the edit live: {Ask(question)}\n{_process.Tail()}");
    }

    /// <summary>A question on the admin socket.</summary>
    public JsonElement Ask(string json)
    {
        using Socket socket = Wire.Connect(new UnixDomainSocketEndPoint(Path.Combine(Workspace.Root, "edgeproxy.sock")));
        socket.Write(json + "\n");
        return JsonDocument.Parse(socket.ReadToEnd()).RootElement;
    }

    public ProgramResult Cli(params string[] words) =>
        Programs.Run(Programs.EdgeProxy, [.. words, "--db-path", Workspace.DbPath]);

    public (HttpStatusCode Status, string Body) Get(string path)
    {
        using HttpResponseMessage answer = _http.Send(new HttpRequestMessage(HttpMethod.Get, $"http://{Metrics}{path}"));
        using StreamReader body = new(answer.Content.ReadAsStream());
        return (answer.StatusCode, body.ReadToEnd());
    }

    /// <summary>One value of the metrics page.</summary>
    /// <param name="series">Name and labels as the page spells them.</param>
    public double Metric(string series)
    {
        string line = Get("/metrics").Body.Split('\n').Single(l => l.StartsWith(series + ' ', StringComparison.Ordinal));
        return double.Parse(line.AsSpan(series.Length + 1), CultureInfo.InvariantCulture);
    }

    public double Closed(string reason) => Metric($"edgeproxy_connections_closed_total{{reason=\"{reason}\"}}");

    public void WaitForMetric(string series, double value) => Patience.Until(
        () => Metric(series).Equals(value), () => $"{series} is {Metric(series)}, not {value}\n{_process.Tail()}");

    public void Send(Signal signal) => _process.Send(signal);

    /// <summary>Ends it as SIGKILL does.</summary>
    public void Kill() => _process.Kill();

    public int WaitForExit() => _process.WaitForExit();

    /// <summary>Lines of level error, but for those with one of the words.</summary>
    public IReadOnlyList<string> Errors(params string[] expected) =>
    [
        .. Log.Where(l => l.Contains("level=error", StringComparison.Ordinal)
            && !Array.Exists(expected, e => l.Contains(e, StringComparison.Ordinal))),
    ];

    /// <summary>All connections gone, all their descriptors too, an orderly end without a complaint.</summary>
    /// <param name="expectedErrors">Words of the error lines this test is about.</param>
    public void End(params string[] expectedErrors)
    {
        AssertAtRest();
        Send(Signal.Terminate);
        Assert.Equal(0, WaitForExit());
        Assert.Empty(Errors(expectedErrors));
    }

    /// <summary>No connection is left, and no descriptor but the pipes kept for the next bulk flow.</summary>
    public void AssertAtRest()
    {
        WaitForMetric("edge_connections_current", 0);
        Patience.Until(
            () => Descriptors - (2 * (int)Metric("edgeproxy_pipes_current")) <= _descriptorsAtRest,
            () => $"{Descriptors} descriptors, {_descriptorsAtRest} before the first connection:\n{ListDescriptors()}");
        Assert.Equal(0, Metric("edgeproxy_glitches_total"));
        Assert.Equal(0, Metric("edgeproxy_buffers_current"));
        Assert.Equal(0, Get("/metrics").Body.Split('\n')
            .Where(static l => l.StartsWith("edgeproxy_backend_connections_active{", StringComparison.Ordinal))
            .Sum(static l => double.Parse(l.AsSpan(l.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture)));
    }

    public void Dispose()
    {
        _process.Dispose();
        if (_http != s_http) { _http.Dispose(); }
        if (_ownsWorkspace) { Workspace.Dispose(); }
    }

    private static ProxyProcess StartOver(
        Workspace workspace, bool ownsWorkspace, string[] before, NetworkHost? host,
        (string Name, string Value)[] settings)
    {
        Dictionary<string, string> environment = new(StringComparer.Ordinal)
        {
            ["EDGEPROXY_LISTEN_ADDR"] = "127.0.0.1:0",
            ["EDGEPROXY_METRICS_LISTEN_ADDR"] = "127.0.0.1:0",
            ["EDGEPROXY_DB_PATH"] = workspace.DbPath,
        };
        foreach ((string name, string value) in settings) { environment["EDGEPROXY_" + name] = value; }

        // A test run in the background hands down an ignored SIGINT, and an ignored signal stays ignored.
        string[] command = [.. before, "env", "--default-signal=INT", Programs.EdgeProxy, "run"];
        if (host is not null) { command = host.Command(command); }
        ChildProcess process = ChildProcess.Start(
            workspace.Root, environment.Select(static s => (s.Key, s.Value)), command[0], command[1..]);
        return new ProxyProcess(process, workspace, ownsWorkspace, host);
    }

    private static HttpClient ClientOn(NetworkHost host) => new(new SocketsHttpHandler
    {
        ConnectCallback = (context, _) =>
        {
            IPEndPoint at = IPEndPoint.Parse($"{context.DnsEndPoint.Host}:{context.DnsEndPoint.Port}");
            Socket socket = host.Here(() => Wire.Connect(at));
            return ValueTask.FromResult<Stream>(new NetworkStream(socket, ownsSocket: true));
        },
        PooledConnectionLifetime = TimeSpan.Zero, // A connection kept would be a descriptor of the proxy's.
    }) { Timeout = Patience.Limit };

    private string ListDescriptors() => Programs.Run("ls", "-l", $"/proc/{Id}/fd").Out;

    private static string Field(string line, string name) =>
        FieldPattern().Matches(line).First(m => m.Groups[1].Value == name).Groups[2].Value;

    [GeneratedRegex("""([a-z_]+)=("[^"]*"|\S+)""")]
    private static partial Regex FieldPattern();
}
