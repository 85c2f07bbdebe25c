using EdgeProxy.Linux;

namespace EdgeProxy.Testing;

/// <summary>Who listens where, and what becomes of a SYN.</summary>
public sealed class SimulatedNetwork
{
    private const long SynRetryNs = 1_000_000_000;
    private const long SynTimeoutNs = 127_000_000_000; // tcp_syn_retries of 6.
    private readonly SimulatedWorld _world;
    private readonly Dictionary<(ulong High, ulong Low, ushort Port), SimulatedListener> _listeners = [];
    private readonly Dictionary<(ulong High, ulong Low, ushort Port), Errno> _broken = [];
    private ushort _nextPort = 10_000;

    internal SimulatedNetwork(SimulatedWorld world) => _world = world;

    /// <summary>A port nobody has used yet.</summary>
    public ushort NewPort() => _nextPort++;

    /// <summary>
    /// From now on connecting to <paramref name="address"/> ends so: with an errno, or for ETIMEDOUT after the kernel's
    /// patience; None lets it be reached again.
    /// </summary>
    public void Break(in SocketAddress address, Errno error) => _broken[Key(address)] = error;

    internal SimulatedListener Listen(in SocketAddress address)
    {
        SimulatedListener listener = new(address, _world.Settings.Backlog);
        if (!_listeners.TryAdd(Key(address), listener)) { throw new InvalidOperationException("Address in use."); }
        return listener;
    }

    internal void Close(SimulatedListener listener)
    {
        _listeners.Remove(Key(listener.Address));
        listener.Close();
    }

    /// <summary>Connects <paramref name="client"/>, whose own address is set; the outcome shows in its state.</summary>
    internal void Dial(SimulatedSocket client, SocketAddress target)
    {
        client.Peer = target;
        long givesUpNs = _world.Time.NowNs + SynTimeoutNs;
        if (_broken.TryGetValue(Key(target), out Errno error) && error == Errno.ENETUNREACH)
        {
            client.Fail(error); // Known to the host itself: no packet leaves.
            return;
        }

        _world.Time.After(Delay(), () => ArriveSyn(client, target, givesUpNs));
    }

    private void ArriveSyn(SimulatedSocket client, SocketAddress target, long givesUpNs)
    {
        if (client.IsClosed || client.IsDead) { return; }
        Errno broken = _broken.GetValueOrDefault(Key(target));
        bool listening = _listeners.TryGetValue(Key(target), out SimulatedListener? listener);
        if (broken is not (Errno.None or Errno.ETIMEDOUT))
        {
            _world.Time.After(Delay(), () => FailIfOpen(client, broken));
        }
        else if (broken == Errno.ETIMEDOUT || (listening && listener!.IsFull))
        {
            Retry(client, target, givesUpNs);
        }
        else if (!listening)
        {
            _world.Time.After(Delay(), () => FailIfOpen(client, Errno.ECONNREFUSED));
        }
        else
        {
            Establish(client, listener!);
        }
    }

    private void Retry(SimulatedSocket client, SocketAddress target, long givesUpNs)
    {
        if (_world.Time.NowNs + SynRetryNs >= givesUpNs)
        {
            _world.Time.At(givesUpNs, () => FailIfOpen(client, Errno.ETIMEDOUT));
        }
        else
        {
            _world.Time.After(SynRetryNs, () => ArriveSyn(client, target, givesUpNs));
        }
    }

    private void Establish(SimulatedSocket client, SimulatedListener listener)
    {
        SimulatedSocket server = new(_world) { Local = client.Peer, Peer = client.Local };
        SimulatedSocket.Join(_world, client, server);
        long connectedNs = _world.Time.NowNs + Delay();
        client.HoldArrivalsUntil(connectedNs);
        server.BecomeConnected();
        listener.Pending.Enqueue(server);
        listener.Changed?.Invoke();
        _world.Time.At(connectedNs, () =>
        {
            if (client.IsClosed)
            {
                client.AbandonHandshake();
            }
            else
            {
                client.BecomeConnected();
            }
        });
    }

    private static void FailIfOpen(SimulatedSocket client, Errno error)
    {
        if (!client.IsClosed && !client.IsDead) { client.Fail(error); }
    }

    private long Delay() => _world.Dice.Delay(_world.Settings.DelayNs);

    private static (ulong High, ulong Low, ushort Port) Key(in SocketAddress address) =>
        (address.High, address.Low, address.Port);
}
