using EdgeProxy.ControlPlane;
using EdgeProxy.Linux;
using EdgeProxy.Routing;

namespace EdgeProxy;

/// <summary><c>edgeproxy wg mesh</c>: from a list of POPs, what each of them runs with.</summary>
internal static class WgMeshCommand
{
    private static readonly CommandFlag s_file =
        new("--file", "path", "Read POPs from a file, one a line, before those on the command line.");
    private static readonly CommandFlag s_hub =
        new("--hub", "name", "All go through this POP; without it each talks to each.");
    private static readonly CommandFlag s_seed =
        new("--seed", "text", "What the IPv6 network follows from: yours alone, never changed. Required.");
    private static readonly CommandFlag s_keys =
        new("--keys", "directory", "Take each POP's private key from NAME.key there, and make those that are missing.");
    private static readonly CommandFlag s_pop = new("--pop", "name", "Print this POP only.");
    private static readonly CommandFlag s_wgQuick =
        new("--wg-quick", null, "Print wg-quick files instead of settings and rows.");

    public static Command Command { get; } = new("mesh", "Plan a backhaul: every POP's addresses, settings and peers.")
    {
        Details =
            "A POP is name,region,endpoint with its public key where it is known; - for the endpoint of one behind "
            + "NAT. The plan follows from the list and the seed alone: 10.50.R.N/16 by region and order, and alike in "
            + "a unique local /48. Append new POPs at the end. Private keys stay on their hosts: without --keys a "
            + "placeholder stands where a public key is not known, which routing.db refuses.",
        Arguments = [new CommandArgument("pop", "name,region,endpoint[,public-key]") { Optional = true, Many = true }],
        Flags = [s_seed, s_file, s_hub, s_keys, s_pop, s_wgQuick],
        Examples =
        [
            "edgeproxy wg mesh --seed example.net gru1,sa,203.0.113.7:51820 fra1,eu,fra1.example.net:51820",
            "edgeproxy wg mesh --seed example.net --file pops.txt --hub fra1 --pop gru1",
        ],
        Run = Run,
    };

    private static ExitCode Run(Invocation call)
    {
        if (call.Value(s_seed.Name) is not { Length: > 0 } seed)
        {
            call.Terminal.Complain("--seed is missing",
                "Give what is yours alone and will not change, such as --seed example.net.");
            return ExitCode.Usage;
        }

        if (ReadPops(call) is not { } pops) { return ExitCode.Usage; }
        MeshPlan? plan = MeshPlan.Make(pops, seed, out string? problem);
        MeshPop? hub = Named(call, pops, s_hub, ref problem);
        MeshPop? only = Named(call, pops, s_pop, ref problem);
        if (plan is null || problem is not null)
        {
            call.Terminal.Complain(problem!, "Mend the list of POPs.");
            return ExitCode.Usage;
        }

        Dictionary<string, SecretKey> keys = new(StringComparer.Ordinal);
        if (call.Value(s_keys.Name) is { } directory && !TakeKeys(call, pops, directory, keys))
        {
            return ExitCode.Failed;
        }

        Write(call, new MeshText(pops, plan, hub, keys), only is null ? pops : [only]);
        foreach (SecretKey key in keys.Values) { key.Wipe(); }
        return ExitCode.Done;
    }

    private static void Write(Invocation call, MeshText text, List<MeshPop> shown)
    {
        text.WriteSummary(call.Out);
        foreach (MeshPop pop in shown)
        {
            if (call.Has(s_wgQuick.Name)) { text.WriteWgQuick(call.Out, pop); }
            else { text.WriteSettings(call.Out, pop); }
        }

        text.WriteUnreachable(call.Terminal);
    }

    private static List<MeshPop>? ReadPops(Invocation call)
    {
        List<MeshPop> pops = [];
        if (call.Value(s_file.Name) is { } path)
        {
            string[] lines;
            try
            {
                lines = TextFile.ReadLines(path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                call.Terminal.Complain($"{path} cannot be read: {error.Message}",
                    "Give the path of a file with a POP on each line.");
                return null;
            }

            for (int i = 0; i < lines.Length; i++)
            {
                if (!ReadPop(call, lines[i], $"{path}:{i + 1}", pops)) { return null; }
            }
        }

        foreach (string argument in call.Arguments)
        {
            if (!ReadPop(call, argument, argument, pops)) { return null; }
        }

        if (pops.Count >= 2) { return pops; }
        call.Terminal.Complain("a mesh has two POPs or more",
            "Name them as arguments or in a file: gru1,sa,203.0.113.7:51820.");
        return null;
    }

    private static bool ReadPop(Invocation call, string text, string place, List<MeshPop> pops)
    {
        string line = text.Split('#')[0].Trim();
        if (line.Length == 0) { return true; }
        if (MeshPop.Parse(line, out string problem) is { } pop)
        {
            pops.Add(pop);
            return true;
        }

        call.Terminal.Complain($"{place} {problem}", "Write a POP as gru1,sa,203.0.113.7:51820.");
        return false;
    }

    private static MeshPop? Named(Invocation call, List<MeshPop> pops, CommandFlag flag, ref string? problem)
    {
        if (call.Value(flag.Name) is not { } name) { return null; }
        MeshPop? pop = pops.Find(pop => pop.Name == name);
        if (pop is null) { problem ??= $"{flag.Name}: there is no POP {name}"; }
        return pop;
    }

    /// <summary>Fills in public keys; a private key that is missing is made and kept in the directory.</summary>
    private static bool TakeKeys(
        Invocation call, List<MeshPop> pops, string directory, Dictionary<string, SecretKey> keys)
    {
        for (int i = 0; i < pops.Count; i++)
        {
            string path = Path.Combine(directory, pops[i].Name + ".key");
            KeyRead read = KeyFile.ReadOrMake(path, out bool made);
            if (read.Key is null)
            {
                call.Terminal.Complain($"{path} {read.Problem}", read.Cure);
                return false;
            }

            PeerKey publicKey = KeyPair.PublicOf(read.Key);
            if (pops[i].PublicKey is { } told && told != publicKey)
            {
                call.Terminal.Complain($"{path} does not belong to the public key that {pops[i].Name} is listed with",
                    "Remove one of the two.");
                return false;
            }

            if (made) { call.Terminal.Error.WriteLine($"{path} was made"); }
            pops[i].PublicKey = publicKey;
            keys.Add(pops[i].Name, read.Key);
        }

        return true;
    }
}
