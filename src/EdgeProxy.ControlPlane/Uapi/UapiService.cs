using EdgeProxy.Linux;
using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// Answers `wg` about the built-in engine's device. Only this process's own user and root are answered; who changes
/// what is logged, since it holds only until routing.db says otherwise and nobody should have to guess.
/// </summary>
internal sealed class UapiService(Fd listener, string directory, string name, ITunnelDevice device, EventLog log)
    : Service(listener, connectionsMax: 4, RequestBytesLargest)
{
    /// <summary>Most bytes of a request: `wg setconf` with ten thousand peers and a few blocks each.</summary>
    private const int RequestBytesLargest = 4 * 1024 * 1024;

    /// <summary>Peers of one request that are logged one by one.</summary>
    private const int LoggedPeersMax = 20;

    private const uint Root = 0;

    private readonly uint _ownUser = SlowSocket.OwnUser;

    public override bool HoldsSecrets => true;

    public override bool Admits(Fd peer) =>
        SlowSocket.PeerUser(peer, out uint user).Ok && (user == _ownUser || user == Root);

    public override bool TryAnswer(Fd peer, ReadOnlySpan<byte> request, bool full, PageBuffer answer)
    {
        if (!UapiParser.IsWhole(request) && (!full || request.IsEmpty)) { return false; }
        Errno error = UapiParser.Parse(request, out UapiRequest? parsed);
        if (error == Errno.None && parsed!.Change is null)
        {
            TunnelState state = device.Read();
            UapiWriter.WriteState(answer, state);
            state.Wipe();
            if (!answer.IsCut) { return true; }
            answer.Wipe(); // Part of the peers would look like all of them.
            error = Errno.ENOBUFS;
        }
        else if (error == Errno.None)
        {
            _ = SlowSocket.PeerUser(peer, out uint user);
            error = Apply(parsed!.Change!, user);
        }

        UapiWriter.WriteError(answer, error);
        return true;
    }

    /// <summary>
    /// The name goes first, while it is surely ours: `wg` would show a device that is gone, and once nobody listens
    /// another program may have taken it.
    /// </summary>
    public override void Close()
    {
        try
        {
            File.Delete(UapiSocket.PathOf(directory, name));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            log.Begin(LogLevel.Warn, "the tunnel's socket stays behind").With("interface", name)
                .With("reason", error.Message).Write();
        }

        base.Close();
    }

    private Errno Apply(TunnelChange change, uint user)
    {
        bool hasKey = change.PrivateKey is not null; // Asked before the device owns it.
        if (!device.TryApply(change))
        {
            log.Begin(LogLevel.Warn, "a change of the tunnel was asked for and could not be taken")
                .With("interface", name)
                .With("user", user).Write();
            return Errno.EBUSY;
        }

        log.Begin(LogLevel.Info, "the tunnel was changed through its socket").With("interface", name).With("user", user)
            .With("private_key", hasKey ? "changed" : null).With("listen_port", change.ListenPort?.ToString(null, null))
            .With("mark", change.Mark?.ToString(null, null)).With("replace_peers", change.ReplacePeers ? "true" : null)
            .With("peers", change.Peers.Count).Write();
        for (int i = 0; i < change.Peers.Count && i < LoggedPeersMax; i++) { LogPeer(change.Peers[i], user); }
        return Errno.None;
    }

    private void LogPeer(TunnelPeerChange peer, uint user) =>
        log.Begin(LogLevel.Info, peer.Remove ? "a peer was removed through the socket"
            : "a peer was changed through the socket")
            .With("interface", name).With("user", user).With("peer", peer.PublicKey.ToString())
            .With("endpoint", peer.Endpoint?.ToString())
                .With("preshared_key", peer.PresharedKey is null ? null : "changed")
            .With("keepalive", peer.KeepaliveSeconds?.ToString(null, null))
            .With("replace_allowed_ips", peer.ReplaceAllowedIps ? "true" : null)
            .With("allowed_ips", Joined(peer.AllowedIps)).With("removed_ips", Joined(peer.RemovedIps)).Write();

    private static string? Joined(IReadOnlyList<IpPrefix> blocks) =>
        blocks.Count == 0 ? null : string.Join(',', blocks);
}
