using EdgeProxy.Linux;
using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// Keeps the addresses of peers whose endpoint is a name: looked up when the row comes or changes, again when a
/// handshake fails (then the next of several addresses is taken), and again, ever more rarely, while nobody answers for
/// the name. An address that was good stays in use until there is another. Time and lookups are given, so this is
/// replayable.
/// </summary>
/// <param name="lookup">Asks for a name; may wait.</param>
/// <param name="apply">Tells the device.</param>
/// <param name="log">Told of names that do not resolve, once per reason.</param>
internal sealed class EndpointFollower(Func<string, ushort, EndpointLookup> lookup, Func<TunnelChange, bool> apply,
    EventLog log)
{
    /// <summary>
    /// A name is asked for no more often than a handshake is retried (REKEY_TIMEOUT of the WireGuard paper, §6.1).
    /// </summary>
    public const int PauseMs = 5_000;

    private const int FirstRetryMs = 1_000;
    private const int RetryMsMax = 60_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<PeerKey, Entry> _entries = [];

    private volatile IReadOnlyList<RowProblem> _problems = [];

    /// <summary>Names that do not resolve at present, as problems of their rows.</summary>
    public IReadOnlyList<RowProblem> Problems => _problems;

    /// <summary>Takes over a new table; names that stay are not asked for again.</summary>
    public void Follow(PeerTable table, long nowMs)
    {
        lock (_lock)
        {
            foreach (PeerKey key in _entries.Keys) // Removing while enumerating is allowed since .NET Core 3.
            {
                if (table.Find(key)?.Endpoint is not { IsName: true }) { _entries.Remove(key); }
            }

            foreach (TunnelPeer peer in table.Peers)
            {
                if (peer.Endpoint is not { IsName: true } endpoint) { continue; }
                bool known = _entries.TryGetValue(peer.PublicKey, out Entry? entry);
                if (known && entry!.Endpoint == endpoint && entry.Name == peer.Name) { continue; }
                _entries[peer.PublicKey] = new Entry(peer.Name, peer.PublicKey, endpoint) { DueMs = nowMs };
            }

            Publish();
        }
    }

    /// <summary>
    /// A peer did not answer: its name may lead elsewhere by now, or to another of its addresses. Any thread.
    /// </summary>
    /// <returns>True when a lookup is due because of it.</returns>
    public bool HandshakeFailed(in PeerKey key, long nowMs)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out Entry? entry) || entry.MovesOn) { return false; }
            entry.MovesOn = true;
            entry.DueMs = Math.Min(entry.DueMs, Math.Max(nowMs, entry.AskedMs + PauseMs));
            return true;
        }
    }

    /// <summary>Looks up what is due.</summary>
    /// <returns>When the next is due; <see cref="long.MaxValue"/> for never.</returns>
    public long Step(Func<long> nowMs)
    {
        List<Entry> due = [];
        lock (_lock)
        {
            long now = nowMs();
            foreach (Entry entry in _entries.Values)
            {
                if (entry.DueMs <= now) { due.Add(entry); }
            }
        }

        due.Sort(static (left, right) => left.DueMs.CompareTo(right.DueMs));

        foreach (Entry entry in due)
        {
            EndpointLookup found = lookup(entry.Endpoint.Host!, entry.Endpoint.Port);
            lock (_lock)
            {
                // Only if nobody has replaced it while the resolver was asked.
                if (_entries.GetValueOrDefault(entry.Key) == entry) { Take(entry, found, nowMs()); }
                Publish();
            }
        }

        long next = long.MaxValue;
        lock (_lock)
        {
            foreach (Entry entry in _entries.Values) { next = Math.Min(next, entry.DueMs); }
        }

        return next;
    }

    private void Publish()
    {
        List<RowProblem> problems = [];
        foreach (Entry entry in _entries.Values)
        {
            if (entry.Problem is { } problem) { problems.Add(problem); }
        }

        _problems = problems;
    }

    private void Take(Entry entry, in EndpointLookup found, long nowMs)
    {
        entry.AskedMs = nowMs;
        if (found.Outcome != HostLookupOutcome.Found)
        {
            entry.DueMs = nowMs + Math.Min(RetryMsMax, FirstRetryMs << Math.Min(entry.Failures, 6));
            entry.Failures++;
            Complain(entry, found.Outcome);
            return;
        }

        IpEndpoint next = Choose(entry, found.Addresses);
        // Also the same again: packets may have led elsewhere since.
        bool tell = entry.MovesOn || entry.Current != next;
        TunnelPeerChange change = new() { PublicKey = entry.Key, UpdateOnly = true, Endpoint = next };
        if (tell && !apply(new TunnelChange { Peers = [change] }))
        {
            entry.DueMs = nowMs + FirstRetryMs;
            return;
        }

        if (entry.Problem is not null || entry.Current != next)
        {
            log.Begin(LogLevel.Info, "a peer's name leads to an address").With("peer", entry.Name)
                .With("endpoint", entry.Endpoint.ToString()).With("address", next.ToString()).Write();
        }

        entry.Current = next;
        entry.MovesOn = false;
        entry.Failures = 0;
        entry.Problem = null;
        entry.DueMs = long.MaxValue;
    }

    private static IpEndpoint Choose(Entry entry, IReadOnlyList<IpEndpoint> addresses)
    {
        for (int i = 0; i < addresses.Count; i++)
        {
            if (addresses[i] == entry.Current) { return addresses[(i + (entry.MovesOn ? 1 : 0)) % addresses.Count]; }
        }

        return addresses[0];
    }

    private void Complain(Entry entry, HostLookupOutcome outcome)
    {
        (string problem, string cure) = outcome switch
        {
            HostLookupOutcome.NoSuchName => ("is a name without an address", "put the name right, or store an address"),
            HostLookupOutcome.NoAnswer =>
                ("cannot be resolved: no name server answers", "look after /etc/resolv.conf, or store an address"),
            _ => ("cannot be resolved", "try it with: getent ahosts NAME; or store an address"),
        };
        bool news = entry.Problem?.Problem != problem;
        entry.Problem = new RowProblem("peers", entry.Name, "endpoint", entry.Endpoint.ToString(), problem, cure);
        if (!news) { return; }
        log.Begin(LogLevel.Warn, "a peer's name does not resolve").With("peer", entry.Name)
            .With("endpoint", entry.Endpoint.ToString()).With("problem", problem).With("cure", cure)
            .With("in_use", entry.Current?.ToString()).Write();
    }

    /// <summary>One peer whose endpoint is a name.</summary>
    private sealed class Entry(string name, PeerKey key, PeerEndpoint endpoint)
    {
        public string Name => name;

        public PeerKey Key => key;

        public PeerEndpoint Endpoint => endpoint;

        /// <summary>What the device was told last.</summary>
        public IpEndpoint? Current { get; set; }

        public long DueMs { get; set; }

        public long AskedMs { get; set; } = long.MinValue / 2;

        public int Failures { get; set; }

        /// <summary>The address in use does not answer.</summary>
        public bool MovesOn { get; set; }

        public RowProblem? Problem { get; set; }
    }
}
