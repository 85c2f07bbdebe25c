using System.Text;
using EdgeProxy.Linux;
using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane.Tests;

public sealed class UapiParserTests
{
    private const string Key1 = "b85996fecc9c7f1fc6d2572a76eda11d59bcd20be8e543b15ce4bd85a8e75a33";
    private const string Key2 = "58402e695ba1772b1cc9309755f043251ea77fdcf10fbe63989ceb7e19321376";
    private const string Secret = "188515093e952f5f22e865cef3012e72f8b5f0b598ac0309d5dacce3b70fcf52";

    [Fact]
    public void Get_WhenWhole_IsARequest()
    {
        Assert.Equal(Errno.None, UapiParser.Parse("get=1\n\n"u8, out UapiRequest? request));
        Assert.Null(request!.Change);
    }

    /// <summary>The example of the protocol's description, and every key besides.</summary>
    [Fact]
    public void Set_WhenItHasEveryKey_TakesEach()
    {
        TunnelChange change = Change($"""
            private_key={Secret}
            fwmark=4294967295
            listen_port=12912
            replace_peers=true
            public_key={Key1}
            update_only=true
            preshared_key={Secret}
            protocol_version=1
            replace_allowed_ips=true
            allowed_ip=192.168.4.4/32
            allowed_ip=fd00:50::7/48
            allowed_ip=-10.0.0.0/8
            endpoint=[abcd:23::33]:51820
            persistent_keepalive_interval=25
            public_key={Key2}
            remove=true
            """);
        Assert.Equal((ushort)12912, change.ListenPort);
        Assert.Equal(uint.MaxValue, change.Mark);
        Assert.True(change.ReplacePeers);
        Assert.Equal(0x18, change.PrivateKey!.Span[0]);
        TunnelPeerChange peer = change.Peers[0];
        Assert.True(peer is { UpdateOnly: true, ReplaceAllowedIps: true, Remove: false, KeepaliveSeconds: 25 });
        Assert.Equal("192.168.4.4/32 fd00:50::/48", string.Join(' ', peer.AllowedIps));
        Assert.Equal("10.0.0.0/8", Assert.Single(peer.RemovedIps).ToString());
        Assert.Equal("[abcd:23::33]:51820", peer.Endpoint.ToString());
        Assert.Equal(0x52, peer.PresharedKey!.Span[31]);
        Assert.True(change.Peers[1].Remove);
        Assert.Equal(2, change.Peers.Count);
    }

    [Fact]
    public void Set_WhenEmpty_ChangesNothing() => Assert.Empty(Change("").Peers);

    [Theory]
    [InlineData("private_key=")]
    [InlineData("private_key=zz8515093e952f5f22e865cef3012e72f8b5f0b598ac0309d5dacce3b70fcf52")]
    [InlineData("listen_port=65536")]
    [InlineData("listen_port=-1")]
    [InlineData("listen_port= 1")]
    [InlineData("fwmark=0x10")]
    [InlineData("fwmark=4294967296")]
    [InlineData("replace_peers=false")]
    [InlineData("endpoint=192.0.2.1:51820")] // A peer's key before any peer.
    [InlineData("public_key=1")]
    [InlineData("public_key=" + Key1 + "\nlisten_port=1")] // A device's key behind a peer.
    [InlineData("public_key=" + Key1 + "\nendpoint=example.net:51820")]
    [InlineData("public_key=" + Key1 + "\nendpoint=192.0.2.1:0")]
    [InlineData("public_key=" + Key1 + "\nallowed_ip=10.0.0.0/33")]
    [InlineData("public_key=" + Key1 + "\nallowed_ip=")]
    [InlineData("public_key=" + Key1 + "\nallowed_ip=-")]
    [InlineData("public_key=" + Key1 + "\npersistent_keepalive_interval=65536")]
    [InlineData("public_key=" + Key1 + "\nprotocol_version=2")]
    [InlineData("public_key=" + Key1 + "\nremove=1")]
    [InlineData("unknown=1")]
    [InlineData("noequals")]
    [InlineData("=1")]
    public void Set_WhenALineIsWrong_IsRefusedWhole(string lines) =>
        Assert.Equal(Errno.EINVAL, UapiParser.Parse(Encoding.UTF8.GetBytes($"set=1\n{lines}\n\n"), out _));

    [Theory]
    [InlineData("\n")]
    [InlineData("get=2\n\n")]
    [InlineData("get=1\nset=1\n\n")]
    [InlineData("put=1\n\n")]
    [InlineData("set=0\n\n")]
    public void Request_WhenItIsNone_IsNoRequest(string text) =>
        Assert.Equal(Errno.EPROTO, UapiParser.Parse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void State_WhenWrittenAndReadBack_IsTheSame()
    {
        MemoryTunnelDevice device = new();
        device.TryApply(Change($"private_key={Secret}\nlisten_port=51820\nfwmark=7\npublic_key={Key1}\n"
            + $"preshared_key={Secret}\n"
            + $"endpoint=192.0.2.1:51820\nallowed_ip=0.0.0.0/0\nallowed_ip=::/0\n"
            + $"persistent_keepalive_interval=25\npublic_key={Key2}"));
        device.Teach(device.Read().Peers[0].PublicKey, static peer => peer with
        {
            HandshakeUnixNs = 1_700_000_000_123_456_789, ReceivedBytes = long.MaxValue, SentBytes = 1,
        });
        PageBuffer page = new(64 * 1024);
        UapiWriter.WriteState(page, device.Read());
        TunnelState read = UapiAnswer.Read(page.Written)!;
        PageBuffer again = new(64 * 1024);
        UapiWriter.WriteState(again, read);
        Assert.Equal(Encoding.UTF8.GetString(page.Written), Encoding.UTF8.GetString(again.Written));
        Assert.Equal(1_700_000_000_123_456_789, read.Peers[0].HandshakeUnixNs);
        Assert.Equal(long.MaxValue, read.Peers[0].ReceivedBytes);
    }

    [Theory]
    [InlineData("errno=0\n")] // Cut off.
    [InlineData("errno=-22\n\n")]
    [InlineData("public_key=1\nerrno=0\n\n")]
    [InlineData("listen_port=1\n\n")]
    [InlineData("HTTP/1.1 400 Bad Request\n\n")]
    public void Answer_WhenItIsNone_IsNull(string text) => Assert.Null(UapiAnswer.Read(Encoding.UTF8.GetBytes(text)));

    private static TunnelChange Change(string lines)
    {
        string text = lines.Length == 0 ? "set=1\n\n" : $"set=1\n{lines.ReplaceLineEndings("\n")}\n\n";
        Assert.Equal(Errno.None, UapiParser.Parse(Encoding.UTF8.GetBytes(text), out UapiRequest? request));
        return request!.Change!;
    }
}
