using System.Net.Sockets;
using System.Text;
using EdgeProxy.Linux;
using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane.Tests;

/// <summary>The tunnel's socket, asked by the real `wg` and by hand.</summary>
public sealed class UapiServiceTests : IDisposable
{
    private const string Device = "edge0";
    private const string PrivateKey = "GIUVCT6VL18i6GXO8wEucvi18LWYrAMJ1drM47cPz1I=";
    private const string Peer1 = "uFmW/sycfx/G0lcqdu2hHVm80gvo5UOxXOS9hajnWjM=";
    private const string Peer2 = "WEAuaVuhdyscyTCXVfBDJR6nf9zxD75jmJzrfhkyE3Y=";

    private readonly string _directory = Directory.CreateTempSubdirectory("edgeproxy-uapi-").FullName;
    private readonly MemoryTunnelDevice _device = new();
    private readonly EventLog _log = new(LogLevel.Info, LogFormat.Logfmt);
    private readonly ServingThread _thread;

    public UapiServiceTests()
    {
        Fd listener = UapiSocket.Open(Path.Combine(_directory, "wireguard"), Device, out string? problem);
        Assert.Null(problem);
        _thread = new ServingThread([new UapiService(listener, Sockets, Device, _device, _log)]);
        _thread.Start();
    }

    private string Sockets => Path.Combine(_directory, "wireguard");

    public void Dispose()
    {
        _thread.Dispose();
        _log.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public void Socket_WhenOpened_IsItsOwnersOnly()
    {
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(owner | UnixFileMode.UserExecute, File.GetUnixFileMode(Sockets));
        Assert.Equal(owner, File.GetUnixFileMode(UapiSocket.PathOf(Sockets, Device)));
    }

    [Fact]
    public void Socket_WhenTheThreadEnds_IsGone()
    {
        const string other = "edge1";
        Fd listener = UapiSocket.Open(Sockets, other, out _);
        Assert.True(File.Exists(UapiSocket.PathOf(Sockets, other)));
        ServingThread thread = new([new UapiService(listener, Sockets, other, _device, _log)]);
        thread.Start();
        thread.Dispose();
        Assert.False(File.Exists(UapiSocket.PathOf(Sockets, other)));
    }

    [Fact]
    public void Open_WhenAnotherProgramHasTheDevice_SaysSo()
    {
        Assert.Equal(Fd.None, UapiSocket.Open(Sockets, Device, out string? problem));
        Assert.Contains("EDGEPROXY_WIREGUARD_INTERFACE", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Wg_WhenItSetsTheDevice_IsShownWhatItSet()
    {
        File.WriteAllText(Path.Combine(Sockets, "key"), PrivateKey);
        Wg($"set {Device} listen-port 51820 fwmark 0x10 private-key /run/wireguard/key peer {Peer1} preshared-key "
            + $"/run/wireguard/key "
            + "endpoint 192.0.2.7:51820 persistent-keepalive 25 allowed-ips 10.50.1.1/32,fd00:50:1::/48");
        _device.Teach(Key(Peer1), static peer =>
            peer with { HandshakeUnixNs = 1_700_000_000_000_000_000, ReceivedBytes = 2048, SentBytes = 5 });

        Assert.Equal($"{Device}\n", Wg("show interfaces"));
        Assert.Equal($"{Peer1}\t10.50.1.1/32 fd00:50:1::/48\n", Wg($"show {Device} allowed-ips"));
        Assert.Equal($"{Peer1}\t1700000000\n", Wg($"show {Device} latest-handshakes"));
        Assert.Equal($"{Peer1}\t2048\t5\n", Wg($"show {Device} transfer"));
        Assert.Equal($"{PrivateKey}\n", Wg($"show {Device} private-key"));
        Assert.Equal("0x10\n", Wg($"show {Device} fwmark"));
        string shown = Wg($"show {Device}");
        Assert.Contains("listening port: 51820", shown, StringComparison.Ordinal);
        Assert.Contains("endpoint: 192.0.2.7:51820", shown, StringComparison.Ordinal);
        Assert.Contains("persistent keepalive: every 25 seconds", shown, StringComparison.Ordinal);
        Assert.Contains("2.00 KiB received, 5 B sent", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Wg_WhenItSavesAndLoadsAConfiguration_FindsItAgain()
    {
        File.WriteAllText(Path.Combine(Sockets, "key"), PrivateKey);
        Wg($"set {Device} listen-port 51820 private-key /run/wireguard/key peer {Peer1} endpoint [2001:db8::7]:51820 "
            + $"allowed-ips 10.50.1.1/32 peer {Peer2} allowed-ips 10.50.2.0/24 persistent-keepalive 5");
        string saved = Wg($"showconf {Device}");
        Wg($"set {Device} peer {Peer1} remove");
        Assert.NotEqual(saved, Wg($"showconf {Device}"));
        File.WriteAllText(Path.Combine(Sockets, "saved"), saved);
        Wg($"setconf {Device} /run/wireguard/saved");
        Assert.Equal(saved, Wg($"showconf {Device}"));
        Wg($"syncconf {Device} /run/wireguard/saved");
        Assert.Equal(saved, Wg($"showconf {Device}"));
    }

    [Fact]
    public void Wg_WhenItMovesABlockOrRemovesAPeer_IsObeyed()
    {
        Wg($"set {Device} peer {Peer1} allowed-ips 10.50.1.0/24 peer {Peer2} allowed-ips 10.50.2.0/24");
        Wg($"set {Device} peer {Peer2} allowed-ips 10.50.1.0/24");
        Assert.Equal(
            new[] { $"{Peer1}\t(none)", $"{Peer2}\t10.50.1.0/24" }.Order(StringComparer.Ordinal),
            Wg($"show {Device} allowed-ips").Trim().Split('\n').Order(StringComparer.Ordinal));
        Wg($"set {Device} peer {Peer1} remove");
        Assert.Equal($"{Peer2}\n", Wg($"show {Device} peers"));
    }

    [Fact]
    public void Wg_WhenTheDeviceIsBusy_SaysSoAndNothingChanges()
    {
        _device.IsBusy = true;
        (int code, _, string error) = WireGuardTools.Run(Sockets, $"set {Device} listen-port 1");
        Assert.NotEqual(0, code);
        Assert.Contains("busy", error, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(_device.Changes);
    }

    [Fact]
    public void Wg_WhenItAsksForAThousandPeers_GetsThem()
    {
        Wg($"setconf {Device} /dev/stdin", string.Concat(Enumerable.Range(0, 1_000).Select(static i =>
            $"[Peer]\nPublicKey = {new PeerKey([1, (byte)i, (byte)(i >> 8), .. new byte[29]])}\nAllowedIPs = "
                + $"10.{50 + (i >> 8)}.{i & 255}.0/24\n")));
        Assert.Equal(1_000, Wg($"show {Device} peers").Trim().Split('\n').Length);
    }

    [Fact]
    public void Change_WhenMade_IsLoggedWithWhoAndWhatAndNoKey()
    {
        File.WriteAllText(Path.Combine(Sockets, "key"), PrivateKey);
        Wg($"set {Device} private-key /run/wireguard/key peer {Peer1} preshared-key /run/wireguard/key allowed-ips "
            + $"10.50.1.0/24");
        byte[] lines = new byte[64 * 1024];
        string log = Encoding.UTF8.GetString(lines, 0, _log.Queue.Take(lines));
        Assert.Contains($"user={SlowSocket.OwnUser}", log, StringComparison.Ordinal);
        Assert.Contains($"peer={Peer1}", log.Replace("\"", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("allowed_ips=10.50.1.0/24", log, StringComparison.Ordinal);
        Assert.DoesNotContain(PrivateKey[..20], log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("set=1\nlisten_port=x\n\n", "errno=-22\n\n")]
    [InlineData("hello\n\n", "errno=-71\n\n")]
    [InlineData("set=1\nlisten_port=7", "errno=-22\n\n")] // Ended half-way.
    public void Request_WhenWrong_IsAnsweredWithItsError(string request, string answer)
    {
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(UapiSocket.PathOf(Sockets, Device)));
        socket.Send(Encoding.UTF8.GetBytes(request));
        socket.Shutdown(SocketShutdown.Send);
        byte[] bytes = new byte[256];
        Assert.Equal(answer, Encoding.UTF8.GetString(bytes, 0, socket.Receive(bytes)));
        Assert.Empty(_device.Changes);
    }

    [Fact]
    public void Client_WhenItAsks_ReadsTheState()
    {
        Wg($"set {Device} listen-port 7 peer {Peer1} allowed-ips 10.50.1.0/24");
        UapiAnswer answer = UapiClient.Get(UapiSocket.PathOf(Sockets, Device));
        Assert.Equal(Peer1, Assert.Single(answer.State!.Peers).PublicKey.ToString());
        Assert.Equal(7, answer.State.ListenPort);
        Assert.True(UapiClient.Get(UapiSocket.PathOf(Sockets, "none")).IsNotRunning);
    }

    private string Wg(string arguments, string input = "") => WireGuardTools.Output(Sockets, arguments, input);

    private static PeerKey Key(string text)
    {
        Assert.True(PeerKey.TryParse(text, out PeerKey key));
        return key;
    }
}
