using System.Diagnostics;

namespace EdgeProxy.Storage.Tests;

/// <summary>The sqlite3 program: another process, as operators and scripts are.</summary>
internal static class SqliteCli
{
    /// <summary>Runs SQL and dot commands to their end and returns what was printed.</summary>
    public static string Run(string file, string sql)
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
        Assert.True(process.ExitCode == 0, $"sqlite3 ended with {process.ExitCode}: {errors.Result} running {sql}");
        return output.TrimEnd('\n');
    }
}
