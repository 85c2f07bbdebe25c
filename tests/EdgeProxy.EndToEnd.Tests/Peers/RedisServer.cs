using System.Globalization;
using System.Net;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>A real redis-server that keeps nothing.</summary>
internal sealed class RedisServer : IDisposable
{
    private readonly ChildProcess _process;

    public RedisServer()
    {
        At = Loopback.Reserve();
        _process = ChildProcess.Start(
            "redis-server", "--bind", At.Address.ToString(), "--port", At.Port.ToString(CultureInfo.InvariantCulture),
            "--save", "", "--appendonly", "no", "--daemonize", "no");
        _process.WaitFor("Ready to accept connections");
    }

    public IPEndPoint At { get; }

    public void Dispose() => _process.Dispose();
}
