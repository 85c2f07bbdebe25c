using EdgeProxy.Linux;

namespace EdgeProxy.Testing;

/// <summary>A simulated host: peers are stepped by the events that concern them.</summary>
public sealed class SimulatedHost : TestHost
{
    private const long OverdueNs = 24 * 3_600_000_000_000L;
    private readonly SimulatedIo _engine;
    private readonly Dictionary<ushort, SimulatedListener> _ports = [];

    public SimulatedHost(ulong seed, SimulationSettings settings)
    {
        World = new SimulatedWorld(seed, settings);
        _engine = new SimulatedIo(World);
        Io = new CheckedIo(_engine);
    }

    public SimulatedWorld World { get; }

    public override CheckedIo Io { get; }

    public SimulatedIo Engine => _engine;

    public int DescriptorsOpen => _engine.DescriptorsOpen;

    public override long WaitNs => 10_000_000_000;

    public override bool IsOverdue => World.Time.NowNs > OverdueNs;

    /// <summary>One more loop of the same process on this host.</summary>
    public CheckedIo AddEngine(out SimulatedIo engine)
    {
        engine = new SimulatedIo(World);
        return new CheckedIo(engine);
    }

    /// <summary>An address nobody has used yet.</summary>
    public SocketAddress NewAddress() => Loopback(World.Network.NewPort());

    public override Fd Listen(out SocketAddress address)
    {
        address = Loopback(World.Network.NewPort());
        return _engine.Listen(address);
    }

    public override SocketAddress OpenPort(Func<PeerLink, Peer?> onAccept)
    {
        SocketAddress address = Loopback(World.Network.NewPort());
        OpenPort(address, onAccept);
        return address;
    }

    /// <summary>Opens a backend's port at an address of choice: one that had been closed, for instance.</summary>
    public void OpenPort(in SocketAddress address, Func<PeerLink, Peer?> onAccept)
    {
        SimulatedListener listener = World.Network.Listen(address);
        listener.Changed = () =>
        {
            while (listener.Pending.TryDequeue(out SimulatedSocket? socket))
            {
                SimulatedLink link = new(socket);
                Peer? peer = onAccept(link);
                if (peer is not null) { Start(peer, link); }
            }
        };
        _ports[address.Port] = listener;
    }

    public override void ClosePort(in SocketAddress address)
    {
        _ports.Remove(address.Port, out SimulatedListener? listener);
        World.Network.Close(listener!);
    }

    public override SocketAddress RefusingAddress() => Loopback(World.Network.NewPort());

    public override SocketAddress SilentAddress()
    {
        SocketAddress address = Loopback(World.Network.NewPort());
        World.Network.Break(address, Errno.ETIMEDOUT);
        return address;
    }

    public override PeerLink Dial(in SocketAddress target, SocketAddress? from = null)
    {
        SimulatedSocket socket = new(World) { Local = from ?? Loopback(World.Network.NewPort()) };
        World.Network.Dial(socket, target);
        return new SimulatedLink(socket);
    }

    public override bool StepPeers() => false;

    public override void Start(Peer peer, PeerLink link)
    {
        base.Start(peer, link);
        ((SimulatedLink)link).Socket.Changed = () => StepSoon(peer);
        peer.Signalled = () => Peers.ForEach(StepSoon);
        StepSoon(peer);
    }

    public override void Raise(string signal)
    {
        base.Raise(signal);
        Peers.ForEach(StepSoon);
    }

    public override void Dispose() => Io.Dispose();

    private void StepSoon(Peer peer)
    {
        if (peer.IsStepComing || peer.IsDone) { return; }
        peer.IsStepComing = true;
        World.Time.After(World.Dice.Delay(World.Settings.CompletionDelayNs), () =>
        {
            peer.IsStepComing = false;
            peer.Step(World.Time.NowNs);
            long wake = peer.IsDone ? long.MaxValue : peer.WakeAtNs;
            if (wake != long.MaxValue && wake > World.Time.NowNs) { World.Time.At(wake, () => StepSoon(peer)); }
        });
    }

    private static SocketAddress Loopback(ushort port) => SocketAddress.From(0, 0xFFFF_7F00_0001, port);
}
