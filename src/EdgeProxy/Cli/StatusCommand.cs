using EdgeProxy.ControlPlane;

namespace EdgeProxy;

/// <summary><c>edgeproxy status</c>: what a running proxy says of itself.</summary>
internal static class StatusCommand
{
    public static Command Command { get; } = new("status", "Show what the running proxy does.")
    {
        Flags = [CommandFlag.Json],
        TakesSettings = true,
        Examples = ["edgeproxy status", "edgeproxy status --json"],
        Run = Run,
    };

    private static ExitCode Run(Invocation call)
    {
        if (Ask(call, new AdminRequest { Command = "status" }, out ExitCode failure) is not { } answer) { return failure; }
        if (call.Json) { call.Out.WriteLine(System.Text.Encoding.UTF8.GetString(answer.Json.Span)); }
        else { JsonOutline.Write(call.Out, answer.Json.Span); }

        return ExitCode.Done;
    }

    /// <summary>Asks the running proxy; complains and says how to end when there is no good answer.</summary>
    public static AdminAnswer? Ask(Invocation call, AdminRequest request, out ExitCode failure)
    {
        failure = ExitCode.NotRunning;
        if (OptionsMapping.AdminSocketPath(call.Options) is not { } path)
        {
            call.Terminal.Complain("the admin socket is off", "Set EDGEPROXY_ADMIN_SOCKET as the running proxy has it.");
            return null;
        }

        AdminAnswer answer = AdminClient.Ask(path, request);
        string? problem = answer.Problem ?? JsonOutline.Text(answer.Json.Span, "error");
        if (problem is null) { return answer; }
        if (!answer.IsNotRunning) { failure = ExitCode.Failed; }
        call.Terminal.Complain(problem, "");
        return null;
    }
}
