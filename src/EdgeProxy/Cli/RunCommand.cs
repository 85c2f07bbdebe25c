using System.Runtime.InteropServices;
using EdgeProxy.ControlPlane;

namespace EdgeProxy;

/// <summary><c>edgeproxy run</c>: the proxy itself, until a signal ends it.</summary>
internal static class RunCommand
{
    private const int DrainLookMs = 20;

    /// <summary>Longest that closing what is left may take: it waits for nobody but the loops.</summary>
    private const int CloseMs = 1_000;

    public static Command Command { get; } = new("run", "Run the proxy.")
    {
        Details = "SIGTERM or SIGINT: takes no more clients, lets connections finish up to SHUTDOWN_TIMEOUT_SECS, closes the "
            + "rest, ends; a second one ends at once. SIGHUP: looks at the files now.",
        TakesSettings = true,
        Examples = ["edgeproxy run", "edgeproxy run --listen-addr [::]:8080 --region eu"],
        Run = Run,
    };

    private static ExitCode Run(Invocation call)
    {
        using Composition proxy = new(call.Options);
        using ManualResetEventSlim told = new();
        using ManualResetEventSlim toldAgain = new();
        using PosixSignalRegistration term = OnEnd(PosixSignal.SIGTERM, told, toldAgain);
        using PosixSignalRegistration interrupt = OnEnd(PosixSignal.SIGINT, told, toldAgain);
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            proxy.RequestReload();
        });

        if (proxy.Start() is { } problem)
        {
            call.Terminal.Complain(problem, "");
            return ExitCode.Failed;
        }

        told.Wait();
        Drain(proxy, call.Options.ShutdownTimeoutSecs.Value, toldAgain);
        return ExitCode.Done;
    }

    private static PosixSignalRegistration OnEnd(PosixSignal signal, ManualResetEventSlim told, ManualResetEventSlim toldAgain) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            if (told.IsSet) { toldAgain.Set(); }
            told.Set();
        });

    private static void Drain(Composition proxy, int timeoutMs, ManualResetEventSlim toldAgain)
    {
        proxy.StopAccepting();
        proxy.Log.Begin(LogLevel.Info, "draining").With("connections", proxy.ConnectionsCurrent).With("timeout_ms", timeoutMs).Write();
        long deadline = Environment.TickCount64 + timeoutMs;

        // Two looks in a row without a connection: one may just be on its way from an accept queue.
        int quiet = 0;
        while (quiet < 2 && Environment.TickCount64 < deadline && !toldAgain.Wait(DrainLookMs))
        {
            quiet = proxy.ConnectionsCurrent == 0 ? quiet + 1 : 0;
        }

        long left = proxy.ConnectionsCurrent;
        if (left > 0)
        {
            proxy.Log.Begin(LogLevel.Warn, "closing what is left").With("connections", left).Write();
            proxy.CloseConnections();

            // Also after a second signal: a process that just ended would close its sockets with a FIN, and a truncated
            // answer would look like a complete one.
            _ = SpinWait.SpinUntil(() => proxy.ConnectionsCurrent == 0, CloseMs);
        }

        proxy.Log.Write(LogLevel.Info, "stopped");
    }
}
