using System.Diagnostics;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>Programs that are run to their end, and where ours are.</summary>
internal static class Programs
{
    private static readonly string s_root = FindRoot();

    public static string EdgeProxy => Environment.GetEnvironmentVariable("EDGEPROXY_BINARY") ?? Path.Combine(s_root, "out", "edgeproxy");

    /// <summary>The load generator and its backends.</summary>
    public static string Load => Environment.GetEnvironmentVariable("EDGEPROXY_LOAD") ?? Path.Combine(s_root, "out", "load");

    public static ProgramResult Run(string program, params string[] words) => RunWith("", program, words);

    /// <summary>Runs a program that must end well.</summary>
    public static string Output(string program, params string[] words)
    {
        ProgramResult result = Run(program, words);
        Assert.True(result.ExitCode == 0, $"{program} {string.Join(' ', words)}: {result.Everything}");
        return result.Out;
    }

    public static ProgramResult RunWith(string input, string program, params string[] words)
    {
        ProcessStartInfo start = new(program, words)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading: its exit code says what to think of that.
        }

        if (!process.WaitForExit(Patience.Limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', words)} did not end in time");
        }

        return new ProgramResult(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    private static string FindRoot()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "EdgeProxy.slnx"))) { directory = directory.Parent; }
        return directory?.FullName ?? throw new InvalidOperationException("EdgeProxy.slnx is in no directory above the tests");
    }
}
