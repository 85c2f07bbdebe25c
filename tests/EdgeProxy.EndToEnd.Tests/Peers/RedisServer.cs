using System.Globalization;
using System.Net;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>A real redis-server that keeps nothing.</summary>
internal sealed class RedisServer : IDisposable
{
    private readonly ChildProcess _process;

    public RedisServer()
        : this(Loopback.Reserve(), static command => command)
    {
    }

    /// <summary>On a host of the test's.</summary>
    public RedisServer(NetworkHost host, IPEndPoint at)
        : this(at, host.Command)
    {
    }

    private RedisServer(IPEndPoint at, Func<string[], string[]> on)
    {
        At = at;
        string[] command = on(
        [
            "redis-server", "--bind", at.Address.ToString(), "--port", at.Port.ToString(CultureInfo.InvariantCulture),
            "--save", "", "--appendonly", "no", "--daemonize", "no", "--protected-mode", "no",
        ]);
        _process = ChildProcess.Start(command[0], command[1..]);
        _process.WaitFor("Ready to accept connections");
    }

    public IPEndPoint At { get; }

    public void Dispose() => _process.Dispose();
}
