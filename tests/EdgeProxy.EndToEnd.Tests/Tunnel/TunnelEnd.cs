using System.Globalization;
using System.Net;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>
/// One end of a tunnel by a program that does nothing else: ours (<c>edgeproxy wg run</c>) or Debian's wireguard-go.
/// Both are told what to do by `wg` and `ip`, as an operator would.
/// </summary>
internal sealed class TunnelEnd : IDisposable
{
    public const int Port = 51820; // A host is a test's own, and so are its ports.

    private static int s_made;

    private readonly string _program;
    private readonly string _directory = Directory.CreateTempSubdirectory("edgeproxy-wg-").FullName;
    private readonly List<string[]> _peers = [];
    private ChildProcess _process;

    public TunnelEnd(NetworkHost host, string program)
    {
        Host = host;
        _program = program;
        Interface = NewInterface();
        KeyPath = Path.Combine(_directory, "private");
        string key = Programs.Output("wg", "genkey");
        File.WriteAllText(KeyPath, key);
        PublicKey = Programs.RunWith(key, "wg", "pubkey").Out.Trim();
        _process = Start();
    }

    public NetworkHost Host { get; }

    public string Interface { get; }

    public string PublicKey { get; }

    public string KeyPath { get; }

    /// <summary>Where it is reached from outside.</summary>
    public IPEndPoint At => new(Host.Outside, Port);

    public IPEndPoint AtV6 => new(Host.OutsideV6, Port);

    /// <summary>Sockets of devices have their names and share a directory: no two tests may use the same.</summary>
    public static string NewInterface() =>
        string.Create(CultureInfo.InvariantCulture, $"e{Environment.ProcessId}n{Interlocked.Increment(ref s_made)}");

    /// <summary>Adds or changes a peer.</summary>
    /// <param name="other">Who.</param>
    /// <param name="words">More for `wg set`, such as an endpoint.</param>
    public void Knows(TunnelEnd other, params string[] words)
    {
        string[] peer =
        [
            "peer", other.PublicKey, "allowed-ips", $"{other.Host.Inside}/32,{other.Host.InsideV6}/128", .. words,
        ];
        _peers.Add(peer);
        Set(peer);
    }

    public void Forgets(TunnelEnd other)
    {
        _peers.RemoveAll(peer => peer[1] == other.PublicKey);
        Set("peer", other.PublicKey, "remove");
    }

    public void Set(params string[] words) => Programs.Output("wg", ["set", Interface, .. words]);

    /// <summary>A file for `wg` with a pre-shared key.</summary>
    public string PresharedKeyFile(string key)
    {
        string path = Path.Combine(_directory, "preshared");
        File.WriteAllText(path, key);
        return path;
    }

    /// <summary>What `wg` shows of a peer.</summary>
    public ShownPeer Show(TunnelEnd other) => ShownPeer.Read(Interface, other.PublicKey)
        ?? throw new InvalidOperationException($"{Interface} has no peer {other.PublicKey}");

    /// <summary>As a power cut does, and everything as before but the sessions.</summary>
    public void Crash()
    {
        _process.Kill();
        _process.Dispose();
    }

    public void Restart()
    {
        _process = Start();
        foreach (string[] peer in _peers) { Set(peer); }
    }

    /// <summary>
    /// Its host gets another address in place of the one it had. wireguard-go goes on sending from the old one until it
    /// has heard nothing for fifteen seconds, or opens another port, which it is told to.
    /// </summary>
    public IPEndPoint Move()
    {
        IPAddress next = IPAddress.Parse($"10.99.0.{Host.Number + 10}");
        // After adding, it would take the new one along.
        Host.Ip($"address del {Host.Outside}/24 dev {TwoHosts.Cable}");
        Host.Ip($"address add {next}/24 dev {TwoHosts.Cable}");
        if (IsOurs) { return new IPEndPoint(next, Port); }
        Set("listen-port", (Port + 1).ToString(CultureInfo.InvariantCulture));
        return new IPEndPoint(next, Port + 1);
    }

    public string Tail() => _process.Tail();

    public void Dispose()
    {
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);

        // Killed, it leaves its name behind.
        File.Delete(SocketPath);
    }

    private bool IsOurs => _program == "edgeproxy";

    private string SocketPath => $"/var/run/wireguard/{Interface}.sock";

    private ChildProcess Start()
    {
        string[] command = IsOurs
            ? [Programs.EdgeProxy, "wg", "run", Interface]
            : [_program, "-f", Interface];
        ChildProcess process = Host.Start(command);
        try
        {
            Patience.Until(
                () => Programs.Run("wg", "show", Interface).ExitCode == 0, () => $"{_program} up\n{process.Tail()}");
            Set("private-key", KeyPath, "listen-port", Port.ToString(CultureInfo.InvariantCulture));
            Host.Ip($"address add {Host.Inside}/24 dev {Interface}");
            Host.Ip($"address add {Host.InsideV6}/64 dev {Interface} nodad");
            Host.Ip($"link set {Interface} mtu 1420 up");
            return process;
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }
}
