using System.Globalization;
using System.Net;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>A real PostgreSQL in a directory of its own. It refuses to run as root, so then it runs as its package's user.</summary>
internal sealed class PostgresServer : IDisposable
{
    private static readonly string s_programs =
        Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Last() + "/bin/";

    private static readonly string[] s_asItsUser = Environment.IsPrivilegedProcess
        ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        : ["env"];

    private readonly string _directory = Directory.CreateTempSubdirectory("edgeproxy-postgres-").FullName;
    private readonly ChildProcess _process;

    public PostgresServer()
    {
        At = Loopback.Reserve();
        if (Environment.IsPrivilegedProcess) { Programs.Output("chown", "postgres:postgres", _directory); }
        string data = Path.Combine(_directory, "data");
        Programs.Output(s_asItsUser[0], [.. s_asItsUser[1..], s_programs + "initdb", "--no-sync", "--auth=trust", "-U", "tester", "-D", data]);
        _process = ChildProcess.Start(
            s_asItsUser[0],
            [
                .. s_asItsUser[1..], s_programs + "postgres", "-D", data, "-k", _directory, "-c", "fsync=off",
                "-h", At.Address.ToString(), "-p", At.Port.ToString(CultureInfo.InvariantCulture),
            ]);
        _process.WaitFor("database system is ready to accept connections");
    }

    public static string PgBench => s_programs + "pgbench";

    public IPEndPoint At { get; }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Send(Signal.Interrupt); // Fast shutdown: its workers end with it.
            _ = _process.WaitForExit();
        }

        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
