using EdgeProxy.Linux;

namespace EdgeProxy.Testing;

/// <summary>
/// A host for one test: an engine whose contract is checked, and peers around it, real or simulated. Whatever drives
/// the engine calls <see cref="StepPeers"/> between its waits; a simulated host steps its peers by itself.
/// </summary>
public abstract class TestHost : IDisposable
{
    private ulong _nextKey;

    public static TestHost Create(Poller poller, ulong seed = 1, SimulationSettings? simulation = null, IoSettings? io = null) =>
        poller == Poller.Simulated
            ? new SimulatedHost(seed, simulation ?? new SimulationSettings())
            : new SocketHost(poller, io ?? new IoSettings { BuffersMax = 512 });

    public abstract CheckedIo Io { get; }

    /// <summary>Every peer so far, in the order they came.</summary>
    public List<Peer> Peers { get; } = [];

    /// <summary>What peers have signalled to one another.</summary>
    public HashSet<string> Signals { get; } = [];

    /// <summary>How long a wait may be so that real peers are not kept waiting themselves.</summary>
    public abstract long WaitNs { get; }

    /// <summary>A moment that is well past anything a test waits for; a test that reaches it hangs.</summary>
    public abstract bool IsOverdue { get; }

    /// <summary>Opens a listener for the engine's owner.</summary>
    public abstract Fd Listen(out SocketAddress address);

    /// <summary>Opens a backend's port; each connection to it gets the peer that <paramref name="onAccept"/> makes, or a bare link.</summary>
    public abstract SocketAddress OpenPort(Func<PeerLink, Peer?> onAccept);

    /// <summary>The port refuses from now on.</summary>
    public abstract void ClosePort(in SocketAddress address);

    /// <summary>An address that refuses connections.</summary>
    public abstract SocketAddress RefusingAddress();

    /// <summary>An address that never answers a SYN.</summary>
    public abstract SocketAddress SilentAddress();

    /// <summary>Begins a connection from outside.</summary>
    public abstract PeerLink Dial(in SocketAddress target, SocketAddress? from = null);

    /// <summary>Gives real peers a turn; true when one of them got on.</summary>
    public abstract bool StepPeers();

    public Peer NewPeer(string name, string script, bool tolerant = false) =>
        new(name, script, ++_nextKey * 0xD6E8_FEB8_6659_FD93, Signals) { IsTolerant = tolerant };

    /// <summary>Lets a peer play its script on a link.</summary>
    public virtual void Start(Peer peer, PeerLink link)
    {
        peer.Link = link;
        Peers.Add(peer);
    }

    /// <summary>Raises a signal that peers wait for.</summary>
    public virtual void Raise(string signal) => Signals.Add(signal);

    /// <summary>The first peer that did not keep to its script.</summary>
    public string? Failure => Peers.Find(static p => p.Failure is not null)?.ToString();

    public string Describe() => string.Join(Environment.NewLine, Peers);

    public abstract void Dispose();
}
