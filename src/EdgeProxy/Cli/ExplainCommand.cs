using EdgeProxy.ControlPlane;
using EdgeProxy.Routing;

namespace EdgeProxy;

/// <summary><c>edgeproxy explain</c>: where a client would go now and why, by the code that routes.</summary>
internal static class ExplainCommand
{
    private static readonly CommandFlag s_app = new("--app", "name", "The app; needed when there are several.");

    public static Command Command { get; } = new("explain", "Show where a client would go, and why.")
    {
        Details = "Asks the running proxy, whose loads and bindings count. When none runs, the files answer: every backend is then idle.",
        Arguments = [new CommandArgument("ip", "the client's address")],
        Flags = [s_app, CommandFlag.Json],
        TakesSettings = true,
        Examples = ["edgeproxy explain 203.0.113.7", "edgeproxy explain 2001:db8::7 --app game --json"],
        Run = Run,
    };

    private static ExitCode Run(Invocation call)
    {
        string ip = call.Arguments[0];
        if (!IpAddress.TryParse(ip, out IpAddress client))
        {
            call.Terminal.Complain($"'{ip}' is no address", "Give one such as 203.0.113.7 or 2001:db8::7.");
            return ExitCode.Usage;
        }

        AdminRequest request = new() { Command = "explain", Ip = ip, App = call.Value(s_app.Name) };
        string? socket = OptionsMapping.AdminSocketPath(call.Options);
        if (socket is not null && !AdminClient.Ask(socket, request).IsNotRunning)
        {
            if (StatusCommand.Ask(call, request, out ExitCode failure) is not { } answer) { return failure; }
            return Print(call, answer.Json, fromFiles: false);
        }

        using FilesOnly files = new(call.Options);
        if (files.Explain(client, call.Value(s_app.Name), out string? problem) is not { } explanation)
        {
            call.Terminal.Complain(problem ?? "there is nothing to explain", "");
            return ExitCode.Failed;
        }

        return Print(call, ExplanationText.ToJson(explanation), fromFiles: true);
    }

    private static ExitCode Print(Invocation call, ReadOnlyMemory<byte> utf8, bool fromFiles)
    {
        if (call.Json)
        {
            call.Out.WriteLine(System.Text.Encoding.UTF8.GetString(utf8.Span));
            return ExitCode.Done;
        }

        if (fromFiles) { call.Out.WriteLine("no proxy runs: from the files, as if every backend were idle"); }
        JsonOutline.Write(call.Out, utf8.Span);
        return ExitCode.Done;
    }
}
