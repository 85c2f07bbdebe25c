using EdgeProxy.Linux;
using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane.Tests;

/// <summary>Names of peers, with time and the resolver given.</summary>
public sealed class EndpointFollowerTests : IDisposable
{
    private readonly EventLog _log = new(LogLevel.Error, LogFormat.Logfmt);
    private readonly MemoryTunnelDevice _device = new();
    private readonly Dictionary<string, EndpointLookup> _names = new(StringComparer.Ordinal);
    private readonly List<string> _asked = [];
    private readonly EndpointFollower _follower;
    private RoutingTable? _table;
    private long _now;

    public EndpointFollowerTests() => _follower = new EndpointFollower(Ask, _device.TryApply, _log);

    public void Dispose() => _log.Dispose();

    [Fact]
    public void Name_WhenItResolves_IsToldToTheDeviceOnce()
    {
        _names["gru"] = Found("192.0.2.1", "2001:db8::1");
        Follow(Row(1, "gru:51820"), Row(2, "192.0.2.9:51820"));
        Assert.Equal(long.MaxValue, Step());
        Assert.Equal("192.0.2.1:51820", Told(1));
        Assert.Single(_device.Changes);
        Follow(Row(1, "gru:51820"), Row(3, null)); // Another row comes: this one is not asked for again.
        Step();
        Assert.Equal(["gru"], _asked);
    }

    [Fact]
    public void Handshake_WhenItFails_MovesOnToTheNextAddressAndBack()
    {
        _names["gru"] = Found("192.0.2.1", "2001:db8::1");
        Follow(Row(1, "gru:51820"));
        Step();
        foreach (string next in new[] { "[2001:db8::1]:51820", "192.0.2.1:51820" })
        {
            _now += EndpointFollower.PauseMs;
            Assert.True(_follower.HandshakeFailed(Key(1), _now));
            Assert.False(_follower.HandshakeFailed(Key(1), _now)); // Said already.
            Step();
            Assert.Equal(next, Told(1));
        }
    }

    [Fact]
    public void Handshake_WhenItFailsAtOnce_WaitsBeforeAskingAgain()
    {
        _names["gru"] = Found("192.0.2.1");
        Follow(Row(1, "gru:51820"));
        Step();
        Assert.True(_follower.HandshakeFailed(Key(1), _now));
        Assert.Equal(EndpointFollower.PauseMs, Step());
        Assert.Single(_asked);
        _names["gru"] = Found("192.0.2.77");
        _now = EndpointFollower.PauseMs;
        Step();
        Assert.Equal("192.0.2.77:51820", Told(1));
    }

    [Fact]
    public void Handshake_WhenTheNameStillLeadsToTheSameAddress_TellsItAgain()
    {
        _names["gru"] = Found("192.0.2.1");
        Follow(Row(1, "gru:51820"));
        Step();
        _now += EndpointFollower.PauseMs;
        _follower.HandshakeFailed(Key(1), _now);
        Step();
        Assert.Equal(2, _device.Changes.Count); // The device may have roamed to where nobody answers.
    }

    [Fact]
    public void Name_WhenItDoesNotResolve_IsAskedForEverMoreRarelyAndNamedWithItsCure()
    {
        Follow(Row(1, "gru:51820"));
        List<long> pauses = [];
        for (int i = 0; i < 10; i++)
        {
            long due = Step();
            pauses.Add(due - _now);
            _now = due;
        }

        Assert.Equal([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000, 60_000], pauses);
        RowProblem problem = Assert.Single(_follower.Problems);
        Assert.Equal(("peers", "p1", "endpoint", "gru:51820"),
            (problem.Table, problem.Row, problem.Column, problem.Value));
        Assert.NotEmpty(problem.Cure);
        _names["gru"] = Found("192.0.2.1");
        Assert.Equal(long.MaxValue, Step());
        Assert.Empty(_follower.Problems);
        Assert.Equal("192.0.2.1:51820", Told(1));
    }

    [Fact]
    public void Name_WhenItStopsResolving_KeepsItsLastAddress()
    {
        _names["gru"] = Found("192.0.2.1");
        Follow(Row(1, "gru:51820"));
        Step();
        _names.Clear();
        _now += EndpointFollower.PauseMs;
        _follower.HandshakeFailed(Key(1), _now);
        Step();
        Assert.Single(_device.Changes);
        Assert.Single(_follower.Problems);
    }

    [Fact]
    public void Peer_WhenRemovedOrGivenAnAddress_IsForgotten()
    {
        Follow(Row(1, "gru:51820"), Row(2, "iad:51820"));
        Step();
        Follow(Row(2, "192.0.2.2:51820"));
        Assert.Empty(_follower.Problems);
        Assert.Equal(long.MaxValue, Step());
        Assert.False(_follower.HandshakeFailed(Key(1), _now));
    }

    [Fact]
    public void Device_WhenBusy_IsToldLater()
    {
        _names["gru"] = Found("192.0.2.1");
        _device.IsBusy = true;
        Follow(Row(1, "gru:51820"));
        _now = Step();
        _device.IsBusy = false;
        Step();
        Assert.Equal("192.0.2.1:51820", Told(1));
    }

    [Fact]
    public void Lookup_WhenAskedOfTheHost_KnowsItself()
    {
        EndpointLookup found = EndpointLookup.Ask("localhost", 51820);
        Assert.Equal(HostLookupOutcome.Found, found.Outcome);
        Assert.All(found.Addresses, static endpoint =>
            Assert.True(endpoint.Address.IsLoopback && endpoint.Port == 51820));
        // A host without IPv6 has none.
        Assert.Equal("[::1]:7", EndpointLookup.Ask("::1", 7).Addresses is [var six] ? six.ToString() : "[::1]:7");
        Assert.NotEqual(HostLookupOutcome.Found, EndpointLookup.Ask("no-such-host.invalid", 1).Outcome);
    }

    private EndpointLookup Ask(string name, ushort port)
    {
        _asked.Add(name);
        return _names.GetValueOrDefault(name, new EndpointLookup(HostLookupOutcome.NoSuchName, []));
    }

    private long Step() => _follower.Step(() => _now);

    private string? Told(byte key) => _device.Changes.SelectMany(static change => change.Peers)
        .LastOrDefault(peer => peer.PublicKey == Key(key))?.Endpoint?.ToString();

    private void Follow(params PeerRow[] rows)
    {
        RoutingTableBuilder builder =
            new(_table, new AppIds(), new BackendSlots(), new RoutingDefaults { PopRegion = "sa" });
        foreach (PeerRow row in rows) { builder.AddPeer(row); }
        _table = builder.Build(out IReadOnlyList<RowProblem> problems)!;
        Assert.Empty(problems);
        _follower.Follow(_table.Peers, _now);
    }

    private static PeerRow Row(byte key, string? endpoint) =>
        new() { Name = $"p{key}", PublicKey = Key(key).ToString(), Endpoint = endpoint };

    private static PeerKey Key(byte first) => new([first, .. new byte[31]]);

    private static EndpointLookup Found(params string[] addresses) => new(HostLookupOutcome.Found,
        [.. addresses.Select(static text =>
            new IpEndpoint(IpAddress.TryParse(text, out IpAddress address) ? address : default, 51820))]);
}
