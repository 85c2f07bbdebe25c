using System.Diagnostics;

namespace EdgeProxy.Compare;

/// <summary>Runs a program to its end.</summary>
internal static class Shell
{
    private const int TimeoutSeconds = 900;

    /// <summary>Standard output of a program that must succeed.</summary>
    /// <exception cref="CompareException">It failed or took too long; the message carries its standard error.</exception>
    public static Task<string> RunAsync(string program, params IReadOnlyList<string> arguments) =>
        RunAsync(new CommandLine(program, arguments));

    /// <inheritdoc cref="RunAsync(string, IReadOnlyList{string})"/>
    public static async Task<string> RunAsync(CommandLine command)
    {
        (int status, string output, string error) = await TryRunAsync(command);
        return status == 0 ? output : throw new CompareException($"{command}: status {status}\n{output}{error}");
    }

    public static async Task<(int Status, string Output, string Error)> TryRunAsync(CommandLine command)
    {
        using Process process = Start(command);
        using CancellationTokenSource timeout = new(TimeSpan.FromSeconds(TimeoutSeconds));
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(timeout.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new CompareException($"{command}: no end in {TimeoutSeconds} s");
        }
    }

    /// <summary>Starts a program with its output redirected.</summary>
    public static Process Start(CommandLine command)
    {
        ProcessStartInfo info = new(command.Program, command.Arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in command.Environment)
        {
            info.Environment[name] = value;
        }

        return Process.Start(info) ?? throw new CompareException($"cannot start {command.Program}");
    }
}
