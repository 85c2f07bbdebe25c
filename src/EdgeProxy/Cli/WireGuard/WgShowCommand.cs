using EdgeProxy.ControlPlane;
using EdgeProxy.Routing;
using EdgeProxy.Storage;

namespace EdgeProxy;

/// <summary>
/// <c>edgeproxy wg show</c>: a device and its peers, as `wg show` prints them, without wireguard-tools.
/// </summary>
internal static class WgShowCommand
{
    private static readonly CommandFlag s_directory =
        new("--socket-dir", "path", "Where the sockets are, when not /var/run/wireguard.");

    public static Command Command { get; } = new("show", "Show the tunnel and its peers, like `wg show`.")
    {
        Details =
            "Asks over the socket of the WireGuard userspace protocol, so it also shows the devices of other "
            + "programs that have one. Peers that routing.db knows are shown with their names. Keys are never shown.",
        Arguments =
        [
            new CommandArgument("interface", "the device; without it, the one the settings name") { Optional = true },
        ],
        Flags = [CommandFlag.Json, s_directory],
        TakesSettings = true,
        Examples = ["edgeproxy wg show", "edgeproxy wg show wg0 --json"],
        Run = Run,
    };

    private static ExitCode Run(Invocation call)
    {
        string name = call.Arguments.Count > 0 ? call.Arguments[0] : call.Options.WireGuardInterface.Value;
        if (!Options.IsInterfaceName(name))
        {
            call.Terminal.Complain($"'{name}' is no name of an interface", "Give one such as edgeproxy0.");
            return ExitCode.Usage;
        }

        UapiAnswer answer =
            UapiClient.Get(UapiSocket.PathOf(call.Value(s_directory.Name) ?? UapiSocket.DirectoryDefault, name));
        if (answer.State is not { } state)
        {
            call.Terminal.Complain(answer.Problem!, "");
            return answer.IsNotRunning ? ExitCode.NotRunning : ExitCode.Failed;
        }

        PeerKey? publicKey = state.PrivateKey is { } key ? KeyPair.PublicOf(key) : null;
        WgShowText text = new(name, state, publicKey, Names(call), DateTimeOffset.UtcNow);
        if (call.Json) { call.Terminal.WriteJson(text.WriteJson); }
        else { text.Write(call.Terminal); }
        state.Wipe();
        return ExitCode.Done;
    }

    /// <summary>
    /// What routing.db calls the peers; nothing when it cannot be read, since the device is what was asked about.
    /// </summary>
    private static Dictionary<PeerKey, string> Names(Invocation call)
    {
        Dictionary<PeerKey, string> names = [];
        if (!File.Exists(call.Options.DbPath.Value)) { return names; }
        foreach (StoredPeer peer in new PeerStore(call.Options.DbPath.Value).List().Value ?? [])
        {
            if (PeerKey.TryParse(peer.PublicKey, out PeerKey key)) { names.TryAdd(key, peer.Name); }
        }

        return names;
    }
}
