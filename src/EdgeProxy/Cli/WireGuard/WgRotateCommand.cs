using EdgeProxy.ControlPlane;
using EdgeProxy.Routing;

namespace EdgeProxy;

/// <summary><c>edgeproxy wg rotate</c>: a new key for this host, and both accepted until the others know it.</summary>
internal static class WgRotateCommand
{
    private static readonly CommandFlag s_finish =
        new("--finish", null, "The others have the new key: retire the old one.");

    public static Command Command { get; } = new("rotate", "Change this host's key without a gap.")
    {
        Details = "Makes the new key beside the old one, has the running proxy accept both, and prints what to change in the "
            + "routing.db of the others. Run again it prints the same. A restart in between changes nothing. "
            + "With --finish the new key takes the old one's place.",
        Flags = [s_finish, CommandFlag.Json],
        TakesSettings = true,
        Examples = ["edgeproxy wg rotate", "edgeproxy wg rotate --finish"],
        Run = Run,
    };

    private static ExitCode Run(Invocation call)
    {
        bool finish = call.Has(s_finish.Name);
        KeyRotationResult result = AskProxy(call, finish) ?? ChangeFiles(call, finish);
        if (result.Problem is { } problem)
        {
            call.Terminal.Complain(problem, "");
            return ExitCode.Failed;
        }

        if (call.Json)
        {
            call.Terminal.WriteJson(json =>
            {
                json.WriteStartObject();
                json.WriteString("public_key", result.PublicKey.ToString());
                json.WriteString("next_public_key", result.NextPublicKey?.ToString());
                json.WriteEndObject();
            });
        }
        else if (result.NextPublicKey is { } next)
        {
            call.Out.WriteLine($"new public key: {next}");
            call.Out.WriteLine("In the routing.db of every other host:");
            call.Out.WriteLine($"  UPDATE peers SET public_key = '{next}' WHERE public_key = '{result.PublicKey}';");
            call.Out.WriteLine("Both keys are accepted until here is run: edgeproxy wg rotate --finish");
        }
        else
        {
            call.Out.WriteLine($"public key: {result.PublicKey}");
        }

        return ExitCode.Done;
    }

    /// <returns>Null when no proxy runs.</returns>
    private static KeyRotationResult? AskProxy(Invocation call, bool finish)
    {
        if (OptionsMapping.AdminSocketPath(call.Options) is not { } socket) { return null; }
        AdminAnswer answer =
            AdminClient.Ask(socket, new AdminRequest { Command = finish ? "wg_rotate_finish" : "wg_rotate" });
        if (answer.IsNotRunning) { return null; }
        ReadOnlySpan<byte> json = answer.Json.Span;
        if ((answer.Problem ?? JsonOutline.Text(json, "error")) is { } problem)
        {
            return new KeyRotationResult { Problem = problem };
        }

        bool hasNext = PeerKey.TryParse(JsonOutline.Text(json, "next_public_key"), out PeerKey next);
        return PeerKey.TryParse(JsonOutline.Text(json, "public_key"), out PeerKey key)
            ? new KeyRotationResult { PublicKey = key, NextPublicKey = hasNext ? next : null }
            : new KeyRotationResult { Problem = $"{socket}: the answer names no key; is it of another version?" };
    }

    /// <summary>
    /// A file made by another user than the proxy's would be of no use to it: KeyFile refuses to read one.
    /// </summary>
    private static KeyRotationResult ChangeFiles(Invocation call, bool finish)
    {
        KeyRotation rotation = new(OptionsMapping.WireGuardKeyPath(call.Options), new OwnKeys(), static () => null);
        KeyRotationResult result = finish ? rotation.Finish() : rotation.Begin();
        call.Terminal.Error.WriteLine(
            "No proxy was told, for none listens on the admin socket; one that runs all the same takes it over at kill -HUP.");
        return result;
    }
}
