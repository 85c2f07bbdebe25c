using System.Diagnostics;

namespace EdgeProxy.Storage.Tests;

/// <summary>A sqlite3 program that stays open: a writer with a transaction under way.</summary>
internal sealed class SqliteSession : IDisposable
{
    private const string Mark = "-- done --";

    private readonly Process _process;
    private readonly Task<string> _errors;

    public SqliteSession(string file)
    {
        ProcessStartInfo start = new("sqlite3")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in (string[])["-batch", "-bail", file]) { start.ArgumentList.Add(argument); }
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Runs SQL and returns when it has been run.</summary>
    public void Run(string sql)
    {
        _process.StandardInput.Write($"{sql};\n.print '{Mark}'\n");
        _process.StandardInput.Flush();
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            if (line == Mark) { return; }
        }

        Assert.Fail($"sqlite3 ended while running {sql}: {_errors.Result}");
    }

    /// <summary>Ends the program as a crash would: no rollback, no tidying.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
