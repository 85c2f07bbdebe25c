using System.Net;
using System.Net.Sockets;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>
/// A network between two ends of a tunnel, on the host of the far one: near sends to <see cref="At"/>, far sees it come
/// from here. It loses and reorders, by a seed, and lets a test look at what passes.
/// </summary>
internal sealed class DatagramRelay : IDisposable
{
    private const int WaitMicroseconds = 5_000; // What is held back does not wait for longer than that.
    private const int BufferedBytes = 4 * 1024 * 1024;
    private const int HeldMax = 8;

    private readonly Socket _front;
    private readonly Socket _back;
    private readonly IPEndPoint _far;
    private readonly Random _random;
    private readonly Thread _thread;
    private readonly List<(Socket Out, EndPoint To, byte[] Bytes)> _held = [];
    private IPEndPoint? _near;
    private volatile bool _stopping;

    public DatagramRelay(TunnelEnd far, int seed)
    {
        _front = far.Host.Here(() => Open(far.Host.Outside));
        _back = far.Host.Here(() => Open(far.Host.Outside));
        _far = far.At;
        _random = new Random(seed);
        _thread = new Thread(Run) { IsBackground = true };
    }

    /// <summary>What near takes for the far end.</summary>
    public IPEndPoint At => (IPEndPoint)_front.LocalEndPoint!;

    /// <summary>What far takes for the near end.</summary>
    public IPEndPoint AtFar => (IPEndPoint)_back.LocalEndPoint!;

    /// <summary>Of a hundred datagrams.</summary>
    public int LostPercent { get; init; }

    /// <summary>Of a hundred, those that others overtake.</summary>
    public int LatePercent { get; init; }

    /// <summary>Told of each that arrives, before anything happens to it; from near, or else from far.</summary>
    public Action<bool, byte[]>? Passing { get; init; }

    public int Lost { get; private set; }

    public int Late { get; private set; }

    public DatagramRelay Start()
    {
        _thread.Start();
        return this;
    }

    /// <summary>To the far end, as if it came from near. Any thread.</summary>
    public void Forge(byte[] datagram) => _back.SendTo(datagram, _far);

    /// <summary>To the near end, as if it came from far. Any thread.</summary>
    public void ForgeBack(byte[] datagram)
    {
        if (_near is { } near) { _front.SendTo(datagram, near); }
    }

    public void Dispose()
    {
        _stopping = true;
        if (_thread.IsAlive) { _thread.Join(); }
        _front.Dispose();
        _back.Dispose();
    }

    private static Socket Open(IPAddress at)
    {
        Socket socket = new(at.AddressFamily, SocketType.Dgram, ProtocolType.Udp)
        {
            ReceiveBufferSize = BufferedBytes, SendBufferSize = BufferedBytes,
        };
        socket.Bind(new IPEndPoint(at, 0));
        return socket;
    }

    private void Run()
    {
        List<Socket> ready = [];
        while (!_stopping)
        {
            ready.Clear();
            ready.AddRange([_front, _back]);
            Socket.Select(ready, null, null, WaitMicroseconds);
            if (ready.Count == 0) { Release(); }
            foreach (Socket socket in ready) { Take(socket); }
        }
    }

    private void Take(Socket socket)
    {
        byte[] buffer = new byte[ushort.MaxValue];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        byte[] datagram = buffer[..socket.ReceiveFrom(buffer, ref from)];
        bool isFromNear = socket == _front;
        if (isFromNear) { _near = (IPEndPoint)from; }
        Passing?.Invoke(isFromNear, datagram);
        if ((isFromNear ? _far : _near) is { } to) { Pass(isFromNear ? _back : _front, to, datagram); }
    }

    private void Pass(Socket outwards, EndPoint to, byte[] datagram)
    {
        int dice = _random.Next(100);
        if (dice < LostPercent)
        {
            Lost++;
            return;
        }

        if (dice < LostPercent + LatePercent && _held.Count < HeldMax)
        {
            Late++;
            _held.Add((outwards, to, datagram));
            return;
        }

        outwards.SendTo(datagram, to);
        if (_held.Count > 0 && _random.Next(HeldMax) == 0) { Release(); }
    }

    private void Release()
    {
        foreach ((Socket outwards, EndPoint to, byte[] bytes) in _held) { outwards.SendTo(bytes, to); }
        _held.Clear();
    }
}
