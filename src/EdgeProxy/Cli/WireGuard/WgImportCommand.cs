using EdgeProxy.ControlPlane;
using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Storage;

namespace EdgeProxy;

/// <summary><c>edgeproxy wg import</c>: a wg-quick file becomes rows of <c>peers</c>, key files and settings.</summary>
internal static class WgImportCommand
{
    private static readonly CommandFlag s_dryRun = new("--dry-run", null, "Say what would be done and change nothing.");

    public static Command Command { get; } = new("import", "Take over a wg-quick file: peers, keys and settings.")
    {
        Details =
            "Peers go into routing.db: one of the same name or key is replaced, others stay. The private key goes "
            + "to WIREGUARD_KEY_FILE, pre-shared keys to files beside it, all readable by their owner only; a key "
            + "file that is there is never overwritten. Standard output is a list of settings to run with. Commands "
            + "in the file (PostUp …) are named and never executed. A peer is called what a comment `# name = …` in "
            + "its section says, or a comment just above it.",
        Arguments = [new CommandArgument("file", "the wg-quick file, such as /etc/wireguard/wg0.conf")],
        Flags = [s_dryRun],
        TakesSettings = true,
        Examples = ["edgeproxy wg import /etc/wireguard/wg0.conf >> /etc/edgeproxy/environment"],
        Run = Run,
    };

    private static ExitCode Run(Invocation call)
    {
        string path = call.Arguments[0];
        char[] text;
        try
        {
            text = TextFile.Read(path).ToCharArray();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            call.Terminal.Complain($"{path} cannot be read: {error.Message}",
                "Give the path of a wg-quick file this user may read.");
            return ExitCode.Failed;
        }

        WgQuickFile file =
            WgQuickReader.Read(text, out IReadOnlyList<string> warnings, out IReadOnlyList<string> problems);
        text.AsSpan().Clear();
        foreach (string warning in warnings)
        {
            call.Terminal.Error.WriteLine($"{call.Terminal.Warning("warning:")} {path}: {warning}");
        }
        foreach (string problem in problems) { call.Terminal.Complain($"{path}: {problem}", ""); }
        ExitCode code = problems.Count > 0 ? ExitCode.Failed : Import(call, file);
        file.Wipe();
        return code;
    }

    private static ExitCode Import(Invocation call, WgQuickFile file)
    {
        List<StoredPeer> rows = Rows(call, file);
        if (!CheckRows(call, file, rows) || !CheckKeys(call, file)) { return ExitCode.Failed; }
        if (!call.Has(s_dryRun.Name))
        {
            if (!WriteKeys(call, file)) { return ExitCode.Failed; }
            StoreResult<IReadOnlyList<StoredPeer>> written = new PeerStore(call.Options.DbPath.Value).Put(rows);
            if (written.Problem is { } problem)
            {
                call.Terminal.Complain($"{problem.File} {problem.What}", problem.Cure);
                return ExitCode.Failed;
            }
        }

        string names = string.Join(", ", rows.ConvertAll(static row => row.Name));
        call.Terminal.Error.WriteLine(call.Has(s_dryRun.Name)
            ? $"{call.Options.DbPath.Value} would take {rows.Count} peers: {names}"
            : $"{call.Options.DbPath.Value} has taken {rows.Count} peers: {names}");
        WriteSettings(call, file);
        return ExitCode.Done;
    }

    private static List<StoredPeer> Rows(Invocation call, WgQuickFile file)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        List<StoredPeer> rows = [];
        foreach (WgQuickPeer peer in file.Peers)
        {
            rows.Add(new StoredPeer
            {
                Name = NameOf(peer, names),
                Region = peer.Region,
                PublicKey = peer.PublicKey.ToString(),
                Endpoint = peer.Endpoint?.ToString(),
                AllowedIps = peer.AllowedIps.Count == 0 ? null : string.Join(", ", peer.AllowedIps),
                PresharedKeyFile = peer.PresharedKey is null ? null : PresharedPath(call, peer),
                Keepalive = peer.KeepaliveSeconds == 0 ? null : peer.KeepaliveSeconds,
            });
        }

        return rows;
    }

    /// <summary>A peer without a name is called by its key, so that importing again finds it again.</summary>
    private static string NameOf(WgQuickPeer peer, HashSet<string> names)
    {
        string name = peer.Name.Length > 0 ? peer.Name : $"peer-{ShortKey(peer)}";
        if (names.Add(name)) { return name; }
        name = $"{name}-{ShortKey(peer)}";
        names.Add(name);
        return name;
    }

    private static string ShortKey(WgQuickPeer peer)
    {
        const int shown = 8;
        Span<byte> hex = stackalloc byte[2 * PeerKey.Bytes];
        peer.PublicKey.WriteHex(hex);
        return System.Text.Encoding.ASCII.GetString(hex[..shown]);
    }

    private static string PresharedPath(Invocation call, WgQuickPeer peer) => Path.Combine(
        Path.GetDirectoryName(Path.GetFullPath(OptionsMapping.WireGuardKeyPath(call.Options))) ?? "/",
        $"wireguard-{ShortKey(peer)}.psk");

    /// <summary>The rules are those of the running proxy, so the proxy takes every row that is written.</summary>
    private static bool CheckRows(Invocation call, WgQuickFile file, List<StoredPeer> rows)
    {
        StoreResult<IReadOnlyList<StoredPeer>> present = new PeerStore(call.Options.DbPath.Value).List();
        List<StoredPeer> judged = [.. present.Value ?? []];
        judged.RemoveAll(old => rows.Exists(row => row.Name == old.Name || row.PublicKey == old.PublicKey));
        judged.AddRange(rows);
        PeerKey? own = file.PrivateKey is { } privateKey ? KeyPair.PublicOf(privateKey) : null;
        PeerRules rules = new() { IsOwnKey = key => key == own, OwnAddresses = file.Addresses };
        _ = PeerJudge.Judge(judged, rules, out IReadOnlyList<RowProblem> problems);
        bool good = true;
        foreach (RowProblem problem in problems)
        {
            if (!rows.Exists(row => row.Name == problem.Row)) { continue; }
            call.Terminal.Complain($"peer '{problem.Row}', {problem.Column} = '{problem.Value}': {problem.Problem}",
                problem.Cure);
            good = false;
        }

        return good;
    }

    /// <summary>Looks before anything is written: a key file that holds something else stops the import.</summary>
    private static bool CheckKeys(Invocation call, WgQuickFile file)
    {
        bool good = file.PrivateKey is null
            || CheckKey(call, OptionsMapping.WireGuardKeyPath(call.Options), file.PrivateKey);
        foreach (WgQuickPeer peer in file.Peers)
        {
            good = good && (peer.PresharedKey is null || CheckKey(call, PresharedPath(call, peer), peer.PresharedKey));
        }

        return good;
    }

    private static bool CheckKey(Invocation call, string path, SecretKey key)
    {
        if (!File.Exists(path)) { return true; }
        KeyRead present = KeyFile.Read(path);
        bool same = SecretKey.Same(present.Key, key);
        present.Key?.Wipe();
        if (!same)
        {
            call.Terminal.Complain(present.Key is null ? $"{path} {present.Problem}" : $"{path} holds another key",
                present.Key is null ? present.Cure : "Move it away, or name another file with --wireguard-key-file.");
        }

        return same;
    }

    private static bool WriteKeys(Invocation call, WgQuickFile file)
    {
        bool good = file.PrivateKey is null
            || WriteKey(call, OptionsMapping.WireGuardKeyPath(call.Options), file.PrivateKey);
        foreach (WgQuickPeer peer in file.Peers)
        {
            good = good && (peer.PresharedKey is null || WriteKey(call, PresharedPath(call, peer), peer.PresharedKey));
        }

        return good;
    }

    private static bool WriteKey(Invocation call, string path, SecretKey key)
    {
        Linux.SysResult created = KeyFile.Create(path, key);
        // What is there was found to be the same.
        if (created.Ok || created.Error == Linux.Errno.EEXIST) { return true; }
        call.Terminal.Complain($"{path} cannot be made ({created.Error})",
            "Give this user write permission on its directory.");
        return false;
    }

    private static void WriteSettings(Invocation call, WgQuickFile file)
    {
        Options options = call.Options;
        call.Out.WriteLine($"{options.WireGuard.Environment}=auto");
        if (file.Addresses.Count > 0)
        {
            call.Out.WriteLine($"{options.WireGuardAddress.Environment}={string.Join(',', file.Addresses)}");
        }
        call.Out.WriteLine($"{options.WireGuardListenPort.Environment}={file.ListenPort ?? 0}");
        if (file.Mtu is { } mtu) { call.Out.WriteLine($"{options.WireGuardMtu.Environment}={mtu}"); }
        string keyPath = Path.GetFullPath(OptionsMapping.WireGuardKeyPath(options));
        call.Out.WriteLine($"{options.WireGuardKeyFile.Environment}={keyPath}");
    }
}
