using EdgeProxy.WireGuard;

namespace EdgeProxy.DataPlane;

/// <summary>The timers of every peer, kept by one worker: handshakes tried again, keepalives, keys that end.</summary>
internal sealed class TunnelTimekeeper(
    TunnelCore core, CipherSuite suite, DatagramSender sender, Action<Peer> handshakeFailed)
{
    /// <summary>Peers that are due within one of these are looked after together.</summary>
    private const long GrainNs = 20_000_000;

    private long _dueNs;

    /// <summary>When to be called at the latest, on the monotonic clock.</summary>
    public long DueNs => _dueNs;

    /// <summary>Does what is due.</summary>
    public void Run(in Moment now)
    {
        if (!core.TakeTickRequest() && now.Ns < _dueNs) { return; }
        while (core.TryTakeCall(out Peer? called)) { Send(called!, called!.Initiate(suite, Room, now)); }
        long due = long.MaxValue;
        IReadOnlyList<Peer> peers = core.Device.Peers;
        for (int i = 0; i < peers.Count; i++) { due = Math.Min(due, Tick(peers[i], now)); }
        _dueNs = due == long.MaxValue ? due : Math.Max(due, now.Ns + GrainNs);
    }

    private long Tick(Peer peer, in Moment now)
    {
        while (true)
        {
            TickOutcome outcome = peer.Tick(suite, Room, now);
            if (outcome.HandshakeFailed) { handshakeFailed(peer); }
            if (outcome.Length == 0) { return outcome.DueNs; }
            Send(peer, outcome.Length);
        }
    }

    private Span<byte> Room => sender.Reserve(Device.ReplyBytesMax);

    private void Send(Peer peer, int length)
    {
        if (peer.Endpoint is { } endpoint) { sender.Commit(length, endpoint); }
    }
}
