using System.Net;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>A real haproxy in front of the proxy, telling it the client by a PROXY header.</summary>
internal sealed class HaproxyFront : IDisposable
{
    private readonly string _configuration = Path.GetTempFileName();
    private readonly ChildProcess _process;

    /// <param name="server">The proxy.</param>
    /// <param name="option"><c>send-proxy</c> or <c>send-proxy-v2</c>.</param>
    public HaproxyFront(IPEndPoint server, string option)
    {
        At = Loopback.Reserve();
        File.WriteAllText(_configuration, $"""
            defaults
                mode tcp
                timeout connect 30s
                timeout client 60s
                timeout server 60s
            listen front
                bind {At}
                server edge {server} {option}

            """);
        _process = ChildProcess.Start("haproxy", "-db", "-f", _configuration);
        Patience.Until(() => Listens(), () => $"haproxy listening:\n{_process.Tail()}");
    }

    public IPEndPoint At { get; }

    public void Dispose()
    {
        _process.Dispose();
        File.Delete(_configuration);
    }

    /// <summary>Seen from outside, since connecting would reach the proxy behind it.</summary>
    private bool Listens() => System.Net.NetworkInformation.IPGlobalProperties.GetIPGlobalProperties()
        .GetActiveTcpListeners().Contains(At) || _process.HasExited;
}
