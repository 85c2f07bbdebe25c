using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>A backend that says its name first and then sends back what it gets, with half-close.</summary>
internal sealed class NamedBackend : IDisposable
{
    private readonly TcpListener _listener;
    private readonly byte[] _name;
    private int _accepted;

    public NamedBackend(string name, IPAddress? address = null)
    {
        _name = Encoding.ASCII.GetBytes(name + "\n");
        _listener = new TcpListener(address ?? IPAddress.Loopback, 0);
        _listener.Start(backlog: 1024);
        _ = AcceptAsync();
    }

    public int Port => At.Port;

    public IPEndPoint At => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Connections so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket client = await _listener.AcceptSocketAsync();
                Interlocked.Increment(ref _accepted);
                _ = ServeAsync(client);
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        {
            try
            {
                await client.SendAsync(_name);
                byte[] buffer = new byte[64 * 1024];
                for (int count; (count = await client.ReceiveAsync(buffer)) > 0;)
                {
                    for (int sent = 0; sent < count;) { sent += await client.SendAsync(buffer.AsMemory(sent, count - sent)); }
                }

                client.Shutdown(SocketShutdown.Send);
            }
            catch (SocketException)
            {
                // The client went away: its own affair.
            }
        }
    }
}
