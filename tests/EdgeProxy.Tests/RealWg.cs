using System.Diagnostics;

namespace EdgeProxy.Tests;

/// <summary>Debian's `wg`, to compare with.</summary>
internal static class RealWg
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs `wg` with something on its standard input.</summary>
    public static string Run(string argument, string input) => Output("wg", [argument], input);

    /// <summary>Runs `wg` where /var/run/wireguard is a directory of the test: it looks nowhere else.</summary>
    public static string RunOver(string sockets, string arguments)
    {
        string script =
            $"mount -t tmpfs none /run && mkdir -m 700 /run/wireguard && mount --bind '{sockets}' /run/wireguard && "
                + $"exec wg {arguments}";
        return Output("unshare", [Environment.IsPrivilegedProcess ? "-m" : "-rm", "sh", "-c", script], "");
    }

    private static string Output(string program, string[] words, string input)
    {
        ProcessStartInfo start = new(program, words)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["WG_COLOR_MODE"] = "never";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        Assert.True(process.WaitForExit(s_patience), $"{program} did not end in time");
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', words)}: {error.GetAwaiter().GetResult()}");
        return output.GetAwaiter().GetResult();
    }
}
