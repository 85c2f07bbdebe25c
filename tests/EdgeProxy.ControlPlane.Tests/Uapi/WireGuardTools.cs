using System.Diagnostics;

namespace EdgeProxy.ControlPlane.Tests;

/// <summary>
/// The real `wg`. It looks for devices in /var/run/wireguard and nowhere else, so it runs in a mount namespace of its
/// own
/// where that is a directory of the test.
/// </summary>
internal static class WireGuardTools
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <param name="sockets">The directory to show it.</param>
    /// <param name="arguments">As a shell would read them.</param>
    /// <param name="input">For its standard input.</param>
    public static (int Code, string Out, string Error) Run(string sockets, string arguments, string input = "")
    {
        string script =
            $"mount -t tmpfs none /run && mkdir -m 700 /run/wireguard && mount --bind '{sockets}' /run/wireguard && "
                + $"exec wg {arguments}";
        ProcessStartInfo start = new("unshare", [Environment.IsPrivilegedProcess ? "-m" : "-rm", "sh", "-c", script])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["WG_COLOR_MODE"] = "never";
        start.Environment["WG_HIDE_KEYS"] = "always";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        if (!process.WaitForExit(s_patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"wg {arguments} did not end in time");
        }

        return (process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    /// <summary>Runs it where it must end well.</summary>
    public static string Output(string sockets, string arguments, string input = "")
    {
        (int code, string output, string error) = Run(sockets, arguments, input);
        Assert.True(code == 0, $"wg {arguments}: {code}: {output}{error}");
        return output;
    }
}
