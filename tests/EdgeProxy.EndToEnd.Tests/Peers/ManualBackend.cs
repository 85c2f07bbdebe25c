using System.Net;
using System.Net.Sockets;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>A backend played by the test itself, one connection at a time.</summary>
internal sealed class ManualBackend : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ManualBackend()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(64);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>The next connection, which must come.</summary>
    public Socket Accept()
    {
        Assert.True(_listener.Poll(Patience.Limit, SelectMode.SelectRead), "nobody connected to the backend");
        return Wire.Bounded(_listener.Accept());
    }

    public void Dispose() => _listener.Dispose();
}
