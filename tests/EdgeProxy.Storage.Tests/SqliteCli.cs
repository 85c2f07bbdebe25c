using System.Diagnostics;

namespace EdgeProxy.Storage.Tests;

/// <summary>The sqlite3 program: another process, as operators and scripts are.</summary>
internal static class SqliteCli
{
    /// <summary>Runs SQL and dot commands to their end and returns what was printed.</summary>
    public static string Run(string file, string sql)
    {
        (int exit, string output, string errors) = Start(file, sql);
        Assert.True(exit == 0, $"sqlite3 ended with {exit}: {errors} running {sql}");
        return output;
    }

    /// <summary>"done", or "refused" when a constraint does not allow it.</summary>
    public static string Attempt(string file, string sql)
    {
        (int exit, _, string errors) = Start(file, sql);
        return exit == 0 ? "done" : errors.Contains("constraint failed", StringComparison.Ordinal) ? "refused" : errors;
    }

    private static (int Exit, string Output, string Errors) Start(string file, string sql)
    {
        ProcessStartInfo start = new("sqlite3")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in (string[])["-batch", "-bail", file, sql]) { start.ArgumentList.Add(argument); }
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.TrimEnd('\n'), errors.Result);
    }
}
