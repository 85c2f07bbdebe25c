using System.Runtime.InteropServices;
using EdgeProxy.ControlPlane;
using EdgeProxy.DataPlane;

namespace EdgeProxy;

/// <summary><c>edgeproxy wg run</c>: the built-in engine alone, in the manner of wireguard-go.</summary>
internal static class WgRunCommand
{
    private const string Summary = "Run the tunnel's engine alone, like wireguard-go in the foreground.";

    public static Command Command { get; } = new("run", Summary)
    {
        Details = "Makes the interface and answers `wg` about it: `wg set`, `wg setconf`, `wg show`. Key, port and "
            + "peers come from there, addresses and routes from `ip`. routing.db is not read. SIGTERM or SIGINT ends it and "
            + "takes the interface away.",
        Arguments = [new CommandArgument("interface", "its name, such as wg0")],
        TakesSettings = true,
        Examples = ["edgeproxy wg run wg0", "edgeproxy wg run wg0 --workers 2"],
        Run = Run,
    };

    private static ExitCode Run(Invocation call)
    {
        string name = call.Arguments[0];
        if (!Options.IsInterfaceName(name))
        {
            call.Terminal.Complain($"'{name}' is no name of an interface", "Give one such as wg0.");
            return ExitCode.Usage;
        }

        using ManualResetEventSlim told = new();
        using PosixSignalRegistration term = OnEnd(PosixSignal.SIGTERM, told);
        using PosixSignalRegistration interrupt = OnEnd(PosixSignal.SIGINT, told);
        TunnelEngineSettings settings = new()
        {
            InterfaceName = name, Workers = OptionsMapping.Workers(call.Options), Mtu = call.Options.WireGuardMtu.Value,
        };
        using TunnelEngine? engine = TunnelEngine.Start(settings, out string? problem);
        if (engine is null)
        {
            call.Terminal.Complain(problem!, "");
            return ExitCode.Failed;
        }

        using LoneDevice device = new(call.Options.LogLevel.Value, call.Options.LogFormat.Value);
        if (device.Serve(name, engine) is { } noSocket)
        {
            call.Terminal.Complain(noSocket, "");
            return ExitCode.Failed;
        }

        device.Log.Begin(LogLevel.Info, "ready").With("interface", engine.InterfaceName).With("engine", "builtin")
            .With("workers", settings.Workers).With("pid", Environment.ProcessId).Write();
        told.Wait();
        return ExitCode.Done;
    }

    private static PosixSignalRegistration OnEnd(PosixSignal signal, ManualResetEventSlim told) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            told.Set();
        });
}
