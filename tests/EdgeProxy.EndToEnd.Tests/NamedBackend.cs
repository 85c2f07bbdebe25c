using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>A backend that says its name first and then sends back what it gets, with half-close.</summary>
internal sealed class NamedBackend : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _name;
    private readonly bool _resets;

    public NamedBackend(string name, bool resets = false)
    {
        _name = Encoding.ASCII.GetBytes(name + "\n");
        _resets = resets;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true) { _ = ServeAsync(await _listener.AcceptSocketAsync()); }
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
                if (_resets)
                {
                    await client.ReceiveAsync(buffer);
                    client.LingerState = new LingerOption(true, 0);
                    return;
                }

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
