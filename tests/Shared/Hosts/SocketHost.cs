using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using EdgeProxy.Linux;
using SocketAddress = EdgeProxy.Linux.SocketAddress;

namespace EdgeProxy.Testing;

/// <summary>This host: real sockets on loopback, stepped by the thread that drives the engine.</summary>
public sealed class SocketHost : TestHost
{
    private static readonly TimeSpan s_overdue = TimeSpan.FromSeconds(60);
    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private readonly HostIo _engine;
    private readonly bool _blocking;
    private readonly List<(Socket Socket, Func<PeerLink, Peer?> OnAccept)> _ports = [];
    private readonly List<PeerLink> _links = [];
    private readonly List<Socket> _refusing = [];

    public SocketHost(Poller poller, IoSettings settings)
    {
        _blocking = poller == Poller.Uring; // Multishot operations want blocking sockets.
        _engine = _blocking ? new UringIo(settings) : new EpollIo(settings);
        Io = new CheckedIo(_engine);
    }

    public override CheckedIo Io { get; }

    public override long WaitNs => 1_000_000;

    public override bool IsOverdue => _elapsed.Elapsed > s_overdue;

    public override Fd Listen(out SocketAddress address)
    {
        SocketAddress any = SocketAddress.From(0, 0xFFFF_7F00_0001, 0);
        SysResult opened = ListenSocket.Open(any, new ListenSettings { ReusePort = false }, _blocking, out Fd listener);
        if (opened.Ok) { opened = ListenSocket.LocalAddress(listener, out any); }
        if (!opened.Ok) { throw new InvalidOperationException($"listening on loopback: {opened.Error}"); }
        address = any;
        return listener;
    }

    public override SocketAddress OpenPort(Func<PeerLink, Peer?> onAccept)
    {
        Socket socket = NewSocket();
        socket.Listen();
        _ports.Add((socket, onAccept));
        return AddressOf(socket);
    }

    public override void ClosePort(in SocketAddress address)
    {
        ushort port = address.Port;
        int index = _ports.FindIndex(p => AddressOf(p.Socket).Port == port);
        _ports[index].Socket.Dispose();
        _ports.RemoveAt(index);
    }

    public override SocketAddress RefusingAddress()
    {
        Socket socket = NewSocket(); // Bound and not listening: nobody else gets the port, and it refuses.
        _refusing.Add(socket);
        return AddressOf(socket);
    }

    public override SocketAddress SilentAddress()
    {
        Socket full = NewSocket();
        full.Listen(0); // Room for one, taken at once; further SYNs are dropped (tcp_abort_on_overflow is off).
        _refusing.Add(full);
        SocketAddress address = AddressOf(full);
        for (int i = 0; i < 3; i++) { Dial(address); }
        return address;
    }

    public override PeerLink Dial(in SocketAddress target, SocketAddress? from = null)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        try
        {
            socket.Connect(IPAddress.Loopback, target.Port);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // The link's state tells when it is through.
        }

        SocketLink link = new(socket, connected: false);
        _links.Add(link);
        return link;
    }

    public override bool StepPeers()
    {
        bool moved = false;
        foreach ((Socket socket, Func<PeerLink, Peer?> onAccept) in _ports.ToArray())
        {
            while (socket.Poll(0, SelectMode.SelectRead))
            {
                SocketLink link = new(socket.Accept(), connected: true);
                _links.Add(link);
                Peer? peer = onAccept(link);
                if (peer is not null) { Start(peer, link); }
                moved = true;
            }
        }

        long nowNs = _elapsed.ElapsedTicks * (1_000_000_000 / Stopwatch.Frequency);
        foreach (Peer peer in Peers.ToArray()) { moved |= peer.Step(nowNs); }
        return moved;
    }

    public override void Dispose()
    {
        _ports.ForEach(static p => p.Socket.Dispose());
        _refusing.ForEach(static s => s.Dispose());
        _links.ForEach(static l => l.Close());
        Io.Dispose();
    }

    private static Socket NewSocket()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static SocketAddress AddressOf(Socket socket) =>
        SocketAddress.From(0, 0xFFFF_7F00_0001, (ushort)((IPEndPoint)socket.LocalEndPoint!).Port);
}
