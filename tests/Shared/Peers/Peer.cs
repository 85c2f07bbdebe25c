using EdgeProxy.Linux;
using EdgeProxy.Routing;

namespace EdgeProxy.Testing;

/// <summary>
/// A client or a backend that plays a script on its end of a connection. A script is steps separated by ';'; lanes
/// separated by '|' run side by side ("send 3m; fin | expect 3m; expect fin"). When all lanes are through it closes.
/// </summary>
public sealed class Peer
{
    private readonly PeerLane[] _lanes;
    private readonly HashSet<string> _signals;

    /// <param name="name">How failures call it.</param>
    /// <param name="script">The script.</param>
    /// <param name="key">What makes its bytes its own; no two peers of a run share one.</param>
    /// <param name="signals">Shared by the peers of a run.</param>
    public Peer(string name, string script, ulong key, HashSet<string> signals)
    {
        Name = name;
        Key = key;
        _signals = signals;
        _lanes = [.. script.Split('|').Select(lane => new PeerLane(this, lane))];
    }

    public string Name { get; }

    public ulong Key { get; }

    /// <summary>The other's key, once heard.</summary>
    public ulong? HeardKey => Reader.Key;

    /// <summary>Bytes of its pattern sent so far.</summary>
    public long Sent { get; internal set; }

    /// <summary>Bytes of the other's pattern received so far.</summary>
    public long Received => Reader.Count;

    public bool SawFin { get; internal set; }

    public bool SawReset { get; internal set; }

    /// <summary>It has sent its FIN, by 'fin' or by closing.</summary>
    public bool SentFin { get; internal set; }

    /// <summary>The addresses of the PROXY header that came first, where one did.</summary>
    public (IpEndpoint Source, IpEndpoint Destination)? Header { get; internal set; }

    /// <summary>The connection could not be made.</summary>
    public bool WasRefused { get; private set; }

    /// <summary>What did not go as scripted; null while all is well.</summary>
    public string? Failure { get; private set; }

    public bool IsDone { get; private set; }

    /// <summary>
    /// An end that the script did not expect ends the peer instead of failing it; wrong bytes always fail. For runs with
    /// faults, where any connection may break at any time.
    /// </summary>
    public bool IsTolerant { get; init; }

    /// <summary>Next moment at which it can get on without anything happening to its connection.</summary>
    public long WakeAtNs => _lanes.Min(l => l.WakeAtNs > NowNs ? l.WakeAtNs : long.MaxValue);

    /// <summary>Called when it raises a signal.</summary>
    public Action? Signalled { get; set; }

    /// <summary>A simulated host has a step of it on the way.</summary>
    internal bool IsStepComing { get; set; }

    internal PeerLink? Link { get; set; }

    internal PatternReader Reader { get; } = new();

    /// <summary>The time of the current step.</summary>
    internal long NowNs { get; private set; }

    /// <summary>Where it stands, for the message of a test that got stuck.</summary>
    public override string ToString() => Failure is not null ? $"{Name}: {Failure}"
        : $"{Name}: {(IsDone ? "done" : string.Join(" | ", _lanes.Select(static l => l.ToString())))}, sent {Sent}, received {Received}";

    /// <summary>Does what can be done now; true when anything was.</summary>
    public bool Step(long nowNs)
    {
        NowNs = nowNs;
        if (IsDone || Link is null) { return false; }
        int state = Link.State;
        if (state == 0) { return false; }
        if (state < 0)
        {
            WasRefused = true;
            EndEarly($"connecting failed with {(Errno)(-state)}");
            return true;
        }

        bool moved = false;
        foreach (PeerLane lane in _lanes)
        {
            while (!IsDone && lane.Step()) { moved = true; }
        }

        if (!IsDone && _lanes.All(static l => l.IsDone)) { CloseNow(); }
        return moved;
    }

    internal bool ExpectsReset => _lanes.Any(static l => l.ExpectsReset);

    internal bool HasSignal(string name) => _signals.Contains(name);

    internal void Raise(string name)
    {
        _signals.Add(name);
        Signalled?.Invoke();
    }

    internal void End(Action<PeerLink> how)
    {
        IsDone = true;
        how(Link!);
    }

    /// <summary>Closes as a program does that is through.</summary>
    internal void CloseNow()
    {
        SentFin = true;
        End(static l => l.Close());
    }

    internal void Fail(string what)
    {
        Failure ??= what;
        End(static l => l.Reset());
    }

    /// <summary>The connection ended against the script.</summary>
    internal void EndEarly(string what)
    {
        if (IsTolerant)
        {
            CloseNow();
        }
        else
        {
            Fail(what);
        }
    }
}
