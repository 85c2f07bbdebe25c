using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace EdgeProxy.Testing;

/// <summary>
/// A network of a test's own: <see cref="Run"/> runs it on a thread that has left the host's network namespace
/// (unshare(2), CLONE_NEWNET), so that whatever it makes there is gone with the thread and nothing of the host is
/// touched.
/// What it starts with <see cref="Shell"/> runs there as well.
/// </summary>
public static class NetworkNamespace
{
    private const int CLONE_NEWNET = 0x40000000;

    /// <summary>Why there can be none here, or null: the right to make one is CAP_SYS_ADMIN.</summary>
    public static string? Missing { get; } = TryLeave();

    /// <summary>Runs <paramref name="test"/> there; what it throws is thrown here.</summary>
    public static void Run(Action test)
    {
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                string? missing = Leave();
                if (missing is not null) { throw new InvalidOperationException(missing); }
                test();
            }
            catch (Exception error) { failure = ExceptionDispatchInfo.Capture(error); }
        }) { IsBackground = true };
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    /// <summary>
    /// Runs a program in the calling thread's namespace and gives what it printed; a failure of it is one of the test.
    /// </summary>
    public static string Shell(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {output}{errors.Result}");
    }

    private static string? TryLeave()
    {
        string? missing = null;
        Thread thread = new(() => missing = Leave());
        thread.Start();
        thread.Join();
        return missing;
    }

    private static string? Leave() =>
        unshare(CLONE_NEWNET) == 0 ? null : $"no network namespace: {Marshal.GetLastPInvokeErrorMessage()}";

    [DllImport("libc", SetLastError = true)]
    private static extern int unshare(int flags);
}
