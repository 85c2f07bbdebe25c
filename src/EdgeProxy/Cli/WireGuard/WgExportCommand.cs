using EdgeProxy.ControlPlane;
using EdgeProxy.Routing;
using EdgeProxy.Storage;

namespace EdgeProxy;

/// <summary><c>edgeproxy wg export</c>: this host's side of the backhaul as a wg-quick file.</summary>
internal static class WgExportCommand
{
    private static readonly CommandFlag s_secrets =
        new("--with-secrets", null, "Write the private and pre-shared keys too; without it they are left out.");

    public static Command Command { get; } = new("export", "Print this host's tunnel as a wg-quick file.")
    {
        Details =
            "From the settings and the enabled rows of `peers`. A row the proxy would refuse is left out and named.",
        Flags = [s_secrets],
        TakesSettings = true,
        Examples = ["(umask 077; edgeproxy wg export --with-secrets > /etc/wireguard/wg0.conf)"],
        Run = Run,
    };

    private static ExitCode Run(Invocation call)
    {
        StoreResult<IReadOnlyList<StoredPeer>> stored = new PeerStore(call.Options.DbPath.Value).List();
        if (stored.Problem is { } problem)
        {
            call.Terminal.Complain($"{problem.File} {problem.What}", problem.Cure);
            return ExitCode.Failed;
        }

        bool withSecrets = call.Has(s_secrets.Name);
        string keyPath = OptionsMapping.WireGuardKeyPath(call.Options);
        KeyRead own = withSecrets ? KeyFile.Read(keyPath) : default;
        if (withSecrets && own.Key is null)
        {
            call.Terminal.Complain($"{keyPath} {own.Problem}", own.Cure);
            return ExitCode.Failed;
        }

        PeerTable table = Judge(call, stored.Value!, withSecrets, out bool isWhole);
        List<WgQuickPeer> sections = [];
        foreach (TunnelPeer peer in table.Peers) { sections.Add(ToSection(peer)); }
        WgQuickFile file = new()
        {
            PrivateKey = own.Key,
            Addresses = call.Options.WireGuardAddress.Value,
            ListenPort = call.Options.WireGuardListenPort.Value is > 0 and int port ? (ushort)port : null,
            Mtu = call.Options.WireGuardMtu.Value,
            Peers = sections,
        };
        if (file.Addresses.Count == 0)
        {
            call.Terminal.Error.WriteLine($"{call.Terminal.Warning("warning:")} "
                + $"{call.Options.WireGuardAddress.Environment} is empty, and so is Address");
        }

        call.Out.Write(WgQuickWriter.Write(file,
            privateKey: $"in {Path.GetFullPath(keyPath)}; --with-secrets writes it here"));
        file.Wipe();
        return isWhole ? ExitCode.Done : ExitCode.Problems;
    }

    private static PeerTable Judge(Invocation call, IReadOnlyList<StoredPeer> rows, bool withSecrets, out bool isWhole)
    {
        PeerRules rules = new()
        {
            OwnAddresses = call.Options.WireGuardAddress.Value, ReadPresharedKey = withSecrets ? KeyFile.Read : null,
        };
        PeerTable table = PeerJudge.Judge(rows, rules, out IReadOnlyList<RowProblem> problems);
        foreach (RowProblem bad in problems)
        {
            call.Terminal.Complain($"peer '{bad.Row}' is left out: {bad.Column} = '{bad.Value}': {bad.Problem}",
                bad.Cure);
        }

        isWhole = problems.Count == 0;
        return table;
    }

    private static WgQuickPeer ToSection(TunnelPeer peer) => new()
    {
        Name = peer.Name,
        Region = peer.Region.Length > 0 ? peer.Region : null,
        PublicKey = peer.PublicKey,
        PresharedKey = peer.PresharedKey,
        Endpoint = peer.Endpoint,
        AllowedIps = peer.AllowedIps,
        KeepaliveSeconds = peer.KeepaliveSeconds,
    };
}
