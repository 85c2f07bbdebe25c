using System.Globalization;
using System.Net;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>A real sshd that lets this user in by a key of the test: a protocol in which the server speaks first.</summary>
internal sealed class SshServer : IDisposable
{
    private const string SeparationDirectory = "/run/sshd"; // Compiled into Debian's sshd, made by its unit.

    private readonly string _directory = Directory.CreateTempSubdirectory("edgeproxy-ssh-").FullName;
    private readonly ChildProcess _process;

    public SshServer()
    {
        At = Loopback.Reserve();
        if (Environment.IsPrivilegedProcess) { Directory.CreateDirectory(SeparationDirectory); }
        Programs.Output("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", _directory + "/host");
        Programs.Output("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Key);
        File.WriteAllText(_directory + "/config", $"""
            ListenAddress {At}
            HostKey {_directory}/host
            AuthorizedKeysFile {Key}.pub
            PidFile none
            UsePAM no
            StrictModes no
            PermitRootLogin yes
            """ + "\n");
        _process = ChildProcess.Start("/usr/sbin/sshd", "-D", "-e", "-f", _directory + "/config");
        _process.WaitFor("Server listening");
    }

    public IPEndPoint At { get; }

    private string Key => _directory + "/client";

    /// <summary>Runs a command by ssh through whatever listens at <paramref name="through"/>.</summary>
    public ProgramResult Run(IPEndPoint through, string input, string command) => Programs.RunWith(
        input, "ssh", "-F", "none", "-i", Key, "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
        "-o", "BatchMode=yes", "-p", through.Port.ToString(CultureInfo.InvariantCulture),
        $"{Environment.UserName}@{through.Address}", command);

    public void Dispose()
    {
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
