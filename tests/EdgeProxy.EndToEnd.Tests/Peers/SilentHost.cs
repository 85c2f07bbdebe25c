using System.Net;
using System.Net.Sockets;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>
/// Like a host that is not there: nothing answers a SYN. It is a listener whose accept queue is full, for which Linux
/// drops further SYNs.
/// </summary>
internal sealed class SilentHost : IDisposable
{
    private const int FillersMax = 16;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _fillers = [];

    public SilentHost()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(0);
        while (Fill()) { Assert.True(_fillers.Count < FillersMax, "the accept queue does not fill up"); }
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public void Dispose()
    {
        _fillers.ForEach(static f => f.Dispose());
        _listener.Dispose();
    }

    /// <returns>False when the connection was not answered: the queue is full.</returns>
    private bool Fill()
    {
        Socket filler = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        _fillers.Add(filler);
        try
        {
            filler.Connect(_listener.LocalEndPoint!);
            return true;
        }
        catch (SocketException pending) when (pending.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // Over loopback the answer to a SYN is there before this looks, unless there is none.
            return filler.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectWrite);
        }
    }
}
