using System.Net;
using System.Net.Sockets;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>Both ends of a TCP connection between two hosts.</summary>
internal sealed class TcpPair : IDisposable
{
    private readonly Socket _client;
    private readonly Socket _server;

    private TcpPair(Socket client, Socket server)
    {
        _client = client;
        _server = server;
    }

    public static TcpPair Connect(NetworkHost from, NetworkHost to, IPAddress target)
    {
        using Socket listener = to.Here(() => Listen(target));
        Socket client = from.Here(() => Wire.Connect(listener.LocalEndPoint!));
        return new TcpPair(client, Wire.Bounded(listener.Accept()));
    }

    /// <summary>Random bytes both ways at once, compared by their hash.</summary>
    public void Exchange(int bytes, int seed) => TunnelTraffic.Exchange(_client, _server, bytes, seed);

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    private static Socket Listen(IPAddress at)
    {
        Socket listener = Wire.Bounded(new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        listener.Bind(new IPEndPoint(at, 0));
        listener.Listen(1);
        return listener;
    }
}
