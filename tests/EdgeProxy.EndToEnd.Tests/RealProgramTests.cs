using System.Globalization;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>Real servers and their own clients, through the proxy.</summary>
public sealed class RealProgramTests
{
    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Redis_WhenBehindTheProxy_ServesItsOwnClients(string io)
    {
        using RedisServer redis = new();
        using ProxyProcess proxy = ProxyProcess.Start(Rows.Backend("sa-1", "sa", redis.At), ("IO", io));
        string[] at = ["-h", proxy.Client.Address.ToString(), "-p", Port(proxy)];
        string large = new('v', 2_000_000);
        Assert.Equal("OK\n", Programs.RunWith(large, "redis-cli", [.. at, "-x", "SET", "key"]).Out);
        Assert.Equal(large + "\n", Programs.Output("redis-cli", [.. at, "GET", "key"]));
        string report = Programs.Output("redis-benchmark", [.. at, "-n", "20000", "-c", "50", "-P", "4", "-t", "set,get,lrange_100", "-q"]);
        foreach (string kind in (string[])["SET: ", "GET: ", "LRANGE_100"]) { Assert.Contains(kind, report, StringComparison.Ordinal); }
        Assert.DoesNotContain("Error", report, StringComparison.OrdinalIgnoreCase);
        proxy.End();
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Postgres_WhenBehindTheProxy_ServesPgbenchWithoutAFailure(string io)
    {
        using PostgresServer postgres = new();
        using ProxyProcess proxy = ProxyProcess.Start(Rows.Backend("sa-1", "sa", postgres.At), ("IO", io));
        string[] at = ["-h", proxy.Client.Address.ToString(), "-p", Port(proxy), "-U", "tester"];
        Programs.Output(PostgresServer.PgBench, [.. at, "-i", "-q", "-s", "1", "postgres"]);

        // -C connects anew for each transaction; without it eight connections carry many each.
        string many = Programs.Output(PostgresServer.PgBench, [.. at, "-c", "8", "-t", "100", "postgres"]);
        Assert.Contains("number of transactions actually processed: 800/800", many, StringComparison.Ordinal);
        string anew = Programs.Output(PostgresServer.PgBench, [.. at, "-n", "-c", "8", "-t", "20", "-C", "-S", "postgres"]);
        Assert.Contains("number of transactions actually processed: 160/160", anew, StringComparison.Ordinal);
        Assert.Equal("800\n", Programs.Output("psql", [.. at, "-At", "-c", "SELECT count(*) FROM pgbench_history", "postgres"]));
        proxy.End();
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Nginx_WhenBehindTheProxy_ServesWrkWithoutAnError(string io)
    {
        using NginxServer nginx = new();
        using ProxyProcess proxy = ProxyProcess.Start(Rows.Backend("sa-1", "sa", nginx.Plain), ("IO", io));
        Assert.Equal("plain\n", Programs.Output("curl", "-sS", $"http://{proxy.Client}/"));
        string kept = Programs.Output("wrk", "-t", "1", "-c", "64", "-d", "1s", $"http://{proxy.Client}/");
        string anew = Programs.Output("wrk", "-t", "1", "-c", "32", "-d", "1s", "-H", "Connection: close", $"http://{proxy.Client}/");
        foreach (string report in (string[])[kept, anew])
        {
            Assert.Contains("Requests/sec", report, StringComparison.Ordinal);
            Assert.DoesNotContain("Socket errors", report, StringComparison.Ordinal);
            Assert.DoesNotContain("Non-2xx", report, StringComparison.Ordinal);
        }

        proxy.End();
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Tls_WhenItGoesThroughTheProxy_IsUntouched(string io)
    {
        using NginxServer nginx = new();
        using ProxyProcess proxy = ProxyProcess.Start(Rows.Backend("sa-1", "sa", nginx.Tls), ("IO", io));
        string answer = Programs.Output(
            "curl", "-sS", "--cacert", nginx.Certificate, "--resolve", $"edge.test:{Port(proxy)}:{proxy.Client.Address}",
            $"https://edge.test:{Port(proxy)}/");
        Assert.Equal("tls TLSv1.3\n", answer);

        // The certificate presented is the backend's own, to the bit.
        ProgramResult seen = Programs.Run("openssl", "s_client", "-connect", proxy.Client.ToString(), "-servername", "edge.test", "-verify_quiet");
        string Fingerprint(string pem) => Programs.RunWith(pem, "openssl", "x509", "-noout", "-fingerprint", "-sha256").Out;
        string own = Fingerprint(File.ReadAllText(nginx.Certificate));
        Assert.Contains("=", own, StringComparison.Ordinal);
        Assert.Equal(own, Fingerprint(seen.Out));
        proxy.End();
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Ssh_WhenBehindTheProxy_CarriesASession(string io)
    {
        using SshServer ssh = new();
        using ProxyProcess proxy = ProxyProcess.Start(Rows.Backend("sa-1", "sa", ssh.At), ("IO", io));
        string input = string.Concat(Enumerable.Range(0, 100_000).Select(static i => i.ToString(CultureInfo.InvariantCulture) + "\n"));
        ProgramResult result = ssh.Run(proxy.Client, input, "cat");
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(input, result.Out);
        proxy.End();
    }

    private static string Port(ProxyProcess proxy) => proxy.Client.Port.ToString(CultureInfo.InvariantCulture);
}
