using System.Net;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>A POP: the whole program on a host of its own, its tunnel on, its key made by itself.</summary>
internal sealed class Pop : IDisposable
{
    private readonly Workspace _workspace;
    private ProxyProcess _proxy;

    /// <param name="host">Where it runs.</param>
    /// <param name="sql">For its routing.db.</param>
    /// <param name="settings">More of them.</param>
    public Pop(NetworkHost host, string sql, params (string Name, string Value)[] settings)
    {
        Host = host;
        _workspace = Workspace.Create(sql);
        Settings =
        [
            ("WIREGUARD", "builtin"), ("WIREGUARD_INTERFACE", Interface),
            ("WIREGUARD_ADDRESS", $"{host.Inside}/24,{host.InsideV6}/64"),
            ("WIREGUARD_KEY_FILE", KeyPath), .. settings,
        ];
        _proxy = Start();
        PublicKey = Programs.RunWith(File.ReadAllText(KeyPath), "wg", "pubkey").Out.Trim();
    }

    public NetworkHost Host { get; }

    public ProxyProcess Proxy => _proxy;

    public string Interface { get; } = TunnelEnd.NewInterface();

    public string PublicKey { get; }

    public IPEndPoint At => new(Host.Outside, TunnelEnd.Port);

    private string KeyPath => Path.Combine(_workspace.Root, "wireguard.key");

    private (string Name, string Value)[] Settings { get; }

    /// <summary>A row of <c>peers</c>.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="publicKey">Whose.</param>
    /// <param name="allowedIps">What is behind it.</param>
    /// <param name="endpoint">Where it is; null for one that calls.</param>
    public static string Row(string name, string publicKey, string allowedIps, IPEndPoint? endpoint)
    {
        string at = endpoint is null ? "NULL" : $"'{endpoint}'";
        return "INSERT INTO peers (name, public_key, endpoint, allowed_ips) VALUES "
            + $"('{name}', '{publicKey}', {at}, '{allowedIps}');";
    }

    /// <summary>Makes another known to this one, at its address inside.</summary>
    public void Knows(Pop other) => _proxy.Edit(RowOf(other));

    public static string RowOf(Pop other) =>
        Row($"pop-{other.Host.Number}", other.PublicKey, $"{other.Host.Inside}/32,{other.Host.InsideV6}/128", other.At);

    public ShownPeer? Show(string publicKey) => ShownPeer.Read(Interface, publicKey);

    /// <summary>A question of redis-cli to the proxy, from its own host.</summary>
    public string Redis(string input, params string[] words)
    {
        string[] command = Host.Command(
            [
                "timeout", "20", "redis-cli", "-h", _proxy.Client.Address.ToString(), "-p", $"{_proxy.Client.Port}",
                .. words,
            ]);
        return Programs.RunWith(input, command[0], command[1..]).Out;
    }

    /// <summary>As a power cut does; its files are as they were.</summary>
    public void Crash()
    {
        _proxy.Kill();
        _proxy.Dispose();
    }

    public void Restart() => _proxy = Start();

    public void Dispose()
    {
        _proxy.Dispose();
        _workspace.Dispose();
        File.Delete($"/var/run/wireguard/{Interface}.sock"); // Killed, it leaves its name behind.
    }

    private ProxyProcess Start() => ProxyProcess.StartOn(Host, _workspace, [], Settings);
}
