using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>The native binary, running on ports of its own choice over a routing.db of its own.</summary>
internal sealed partial class ProxyProcess : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly BlockingCollection<string> _events = [];
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly string _directory;

    private ProxyProcess(Process process, string directory)
    {
        _process = process;
        _directory = directory;
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not { } text) { return; }
            if (text.Contains("level=error", StringComparison.Ordinal)) { _errors.Enqueue(text); }
            _events.Add(text);
        };
        process.OutputDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        string listening = WaitFor("msg=listening");
        string ready = WaitFor("msg=ready");
        Client = IPEndPoint.Parse(Field(listening, "address"));
        Metrics = Field(ready, "metrics");
    }

    public IPEndPoint Client { get; }

    public string Metrics { get; }

    public string DbPath => Path.Combine(_directory, "routing.db");

    public IReadOnlyCollection<string> Errors => _errors;

    private static string Binary => Environment.GetEnvironmentVariable("EDGEPROXY_BINARY") ?? Path.Combine(Root(), "out", "edgeproxy");

    /// <param name="sql">Statements for the new routing.db.</param>
    /// <param name="environment">Settings beside the addresses.</param>
    public static ProxyProcess Start(string sql, params (string Name, string Value)[] environment)
    {
        string directory = Directory.CreateTempSubdirectory("edgeproxy-e2e-").FullName;
        string db = Path.Combine(directory, "routing.db");
        Assert.Equal(0, Run(Binary, directory, "db", "init", "--db-path", db));
        Assert.Equal(0, Run("sqlite3", directory, db, sql));
        ProcessStartInfo start = new(Binary, ["run"])
        {
            WorkingDirectory = directory,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["EDGEPROXY_LISTEN_ADDR"] = "127.0.0.1:0";
        start.Environment["EDGEPROXY_METRICS_LISTEN_ADDR"] = "127.0.0.1:0";
        start.Environment["EDGEPROXY_DB_PATH"] = db;
        start.Environment["EDGEPROXY_PROXY_PROTOCOL"] = "optional";
        start.Environment["EDGEPROXY_PROXY_PROTOCOL_TRUSTED"] = "127.0.0.0/8";
        foreach ((string name, string value) in environment) { start.Environment["EDGEPROXY_" + name] = value; }
        return new ProxyProcess(Process.Start(start)!, directory);
    }

    public string WaitFor(string text)
    {
        using CancellationTokenSource late = new(s_patience);
        while (true)
        {
            string line = _events.Take(late.Token);
            if (line.Contains(text, StringComparison.Ordinal)) { return line; }
        }
    }

    public void Sql(string statement) => Assert.Equal(0, Run("sqlite3", _directory, DbPath, ".timeout 5000", statement));

    public int Cli(params string[] words) => Run(Binary, _directory, [.. words, "--db-path", DbPath]);

    public void Signal(PosixSignal signal) => Assert.Equal(0, kill(_process.Id, signal == PosixSignal.SIGTERM ? 15 : 1));

    public int WaitForExit()
    {
        Assert.True(_process.WaitForExit(s_patience), "the proxy did not end in time");
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) { _process.Kill(); }
        _process.WaitForExit();
        _process.Dispose();
        _events.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static int Run(string program, string directory, params string[] words)
    {
        ProcessStartInfo start = new(program, words) { WorkingDirectory = directory, RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }

    private static string Field(string line, string name)
    {
        Match match = FieldPattern().Matches(line).First(m => m.Groups[1].Value == name);
        return match.Groups[2].Value;
    }

    private static string Root()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "EdgeProxy.slnx"))) { directory = directory.Parent; }
        return directory?.FullName ?? throw new InvalidOperationException("EdgeProxy.slnx is in no directory above the tests");
    }

    [GeneratedRegex("""([a-z_]+)=("[^"]*"|\S+)""")]
    private static partial Regex FieldPattern();

    [DllImport("libc")]
    private static extern int kill(int pid, int signal);
}
