using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Telemetry;
using EdgeProxy.Testing;

namespace EdgeProxy.DataPlane.Tests;

/// <summary>PROXY headers in and out, through the loop.</summary>
public sealed class HeaderTests
{
    private const string Line = @"PROXY TCP4 203.0.113.7 192.0.2.1 56324 443\r\n";
    private const string Client = "send 10; expect 10; fin; expect fin";
    private const string Backend = "expect 10; send 10; expect fin; fin";

    public static TheoryData<Poller> Pollers => [Poller.Uring, Poller.Epoll, Poller.Simulated];

    [Theory, MemberData(nameof(Pollers))]
    public void HeaderIn_WhenTrusted_IsTheClientOfTheRecord(Poller poller) => Script.Run(
        poller, $"text {Line}; {Client}", Backend, Options(ProxyProtocolIn.Required), static rig =>
        {
            ConnectionRecord record = Assert.Single(rig.Records);
            Assert.Equal("203.0.113.7:56324", record.Client.ToString());
            Assert.True(record.Peer.Address.IsLoopback);
            Assert.Equal(10, record.UploadBytes);
        });

    [Theory, MemberData(nameof(Pollers))]
    public void HeaderIn_WhenItComesInTwoPiecesCutAnywhere_IsReadWhole(Poller poller) => Script.Run(
        poller, Options(ProxyProtocolIn.Optional), static rig =>
        {
            byte[] header = HeaderBytes.V2(0x21, 0x11, [.. HeaderBytes.Inet, .. HeaderBytes.Tlv(0xEA, new byte[20])]);
            rig.AddBackend(Backend);
            rig.Publish();
            for (int cut = 1; cut < header.Length; cut++)
            {
                rig.AddClient($"hex {Convert.ToHexString(header, 0, cut)}; pause 2ms; hex {Convert.ToHexString(header[cut..])}; {Client}");
            }

            rig.RunToEnd();
            Assert.All(rig.Records, static r => Assert.Equal(HeaderBytes.InetSource, r.Client));
            Assert.Equal(header.Length - 1, rig.Counters.Closed(CloseReason.Finished));
        });

    [Theory, MemberData(nameof(Pollers))]
    public void HeaderIn_WhenItComesByteByByte_IsReadWhole(Poller poller) => Script.Run(
        poller,
        string.Concat(HeaderBytes.V2(0x21, 0x11, HeaderBytes.Inet).Select(static b => $"hex {b:X2}; pause 1ms; ")) + Client,
        Backend,
        Options(ProxyProtocolIn.Required),
        static rig => Assert.Equal(HeaderBytes.InetSource, Assert.Single(rig.Records).Client));

    [Theory, MemberData(nameof(Pollers))]
    public void HeaderIn_WhenItIsAsLongAsAllowed_IsReadWhole(Poller poller) => Script.Run(
        poller,
        $"hex {Convert.ToHexString(HeaderBytes.V2(0x21, 0x11, [.. HeaderBytes.Inet, .. HeaderBytes.Tlv(0xEA, new byte[4065])]))}; {Client}",
        Backend,
        Options(ProxyProtocolIn.Required),
        static rig => Assert.Equal(HeaderBytes.InetSource, Assert.Single(rig.Records).Client));

    [Theory, MemberData(nameof(Pollers))]
    public void HeaderIn_WhenMuchFollowsInTheSamePacket_LosesNoneOfIt(Poller poller) => Script.Run(
        poller, $"text {Line}; send 300k; fin; expect fin", "expect 300k; expect fin; fin", Options(ProxyProtocolIn.Required));

    [Theory, MemberData(nameof(Pollers))]
    public void HeaderIn_WhenItSaysUnknownOrLocal_TheClientIsThePeer(Poller poller) => Script.Run(
        poller, Options(ProxyProtocolIn.Required), static rig =>
        {
            rig.AddBackend(Backend);
            rig.Publish();
            rig.AddClient($@"text PROXY UNKNOWN 1.2.3.4 5.6.7.8 1 2\r\n; {Client}");
            rig.AddClient($"hex {Convert.ToHexString(HeaderBytes.V2(0x20, 0x00))}; {Client}");
            rig.RunToEnd();
            Assert.All(rig.Records, static r => Assert.Equal(r.Peer, r.Client));
        });

    [Theory, MemberData(nameof(Pollers))]
    public void HeaderIn_WhenOptionalAndAbsent_PassesTheBytesOn(Poller poller) => Script.Run(
        poller, Client, Backend, Options(ProxyProtocolIn.Optional),
        static rig => Assert.Equal(CloseReason.Finished, Assert.Single(rig.Records).Reason));

    [Theory, MemberData(nameof(Pollers))]
    public void HeaderIn_WhenRequiredAndAbsent_Resets(Poller poller) => Refused(
        poller, Options(ProxyProtocolIn.Required), "send 10; expect rst", CloseReason.ProxyHeaderMissing);

    [Theory, MemberData(nameof(Pollers))]
    public void HeaderIn_WhenMalformed_Resets(Poller poller) => Refused(
        poller, Options(ProxyProtocolIn.Optional), @"text PROXY TCP4 256.2.3.4 5.6.7.8 1 2\r\n; expect rst", CloseReason.ProxyHeaderMalformed);

    [Theory, MemberData(nameof(Pollers))]
    public void HeaderIn_WhenClientFinishesInTheMiddle_IsMalformed(Poller poller) => Refused(
        poller, Options(ProxyProtocolIn.Optional), "text PROXY TCP4 1.2; fin; expect fin", CloseReason.ProxyHeaderMalformed);

    [Theory, MemberData(nameof(Pollers))]
    public void HeaderIn_WhenRequiredAndPeerIsNotTrusted_Resets(Poller poller) => Refused(
        poller,
        new RigOptions { Policy = new AppPolicy { ProxyProtocolIn = ProxyProtocolIn.Required } },
        $"text {Line}; expect rst",
        CloseReason.ProxyHeaderUntrusted);

    [Theory, MemberData(nameof(Pollers))]
    public void HeaderOut_WhenChosen_TellsTheBackendWhoTheClientIs(Poller poller)
    {
        foreach (ProxyProtocolOut version in (ProxyProtocolOut[])[ProxyProtocolOut.V1, ProxyProtocolOut.V2])
        {
            RigOptions options = new()
            {
                Policy = new AppPolicy { ProxyProtocolOut = version, ProxyTlvs = ProxyTlvs.Checksum | ProxyTlvs.UniqueId },
            };
            Script.Run(poller, Client, $"expect header; {Backend}", options, static rig =>
            {
                ConnectionRecord record = Assert.Single(rig.Records);
                Assert.Equal(record.Peer, rig.Backends[0].Peers[0].Header!.Value.Source);
                Assert.Equal(10, record.UploadBytes);
            });
        }
    }

    [Theory, MemberData(nameof(Pollers))]
    public void HeaderOut_WhenOneCameIn_PassesItsClientOn(Poller poller)
    {
        RigOptions options = Options(ProxyProtocolIn.Required);
        options = options with { Policy = options.Policy with { ProxyProtocolOut = ProxyProtocolOut.V2 } };
        Script.Run(poller, $"text {Line}; {Client}", $"expect header; {Backend}", options, static rig =>
            Assert.Equal("203.0.113.7:56324", rig.Backends[0].Peers[0].Header!.Value.Source.ToString()));
    }

    [Theory, MemberData(nameof(Pollers))]
    public void HeaderOut_WhenFirstBackendRefuses_IsSentOnceToTheNext(Poller poller) => Script.Run(
        poller, new RigOptions { Policy = new AppPolicy { ProxyProtocolOut = ProxyProtocolOut.V1 } }, static rig =>
        {
            rig.AddBackend(rig.Host.RefusingAddress());
            rig.AddBackend($"expect header; {Backend}");
            rig.Publish();
            for (int i = 0; i < 5; i++) { rig.AddClient(Client); }
            rig.RunToEnd();
        });

    [Theory, MemberData(nameof(Pollers))]
    public void HeaderOut_WhenServerSpeaksFirst_DoesNotWaitForTheClient(Poller poller) => Script.Run(
        poller,
        "expect 30; fin; expect fin",
        "expect header; send 30; expect fin; fin",
        new RigOptions { Policy = new AppPolicy { ProxyProtocolOut = ProxyProtocolOut.V2 } });

    private static void Refused(Poller poller, RigOptions options, string client, CloseReason reason) => Script.Run(
        poller, options, rig =>
        {
            rig.AddBackend("expect end");
            rig.Publish();
            rig.AddClient(client);
            rig.RunToEnd();
            ConnectionRecord record = Assert.Single(rig.Records);
            Assert.Equal(reason, record.Reason);
            Assert.Equal(ConnectionPhase.Header, record.Phase);
            Assert.Empty(rig.Backends[0].Peers);
        });

    private static RigOptions Options(ProxyProtocolIn mode)
    {
        Assert.True(IpPrefix.TryParse("127.0.0.0/8", out IpPrefix loopback));
        return new RigOptions
        {
            Policy = new AppPolicy { ProxyProtocolIn = mode, ProxyProtocolTrusted = PrefixSet.From([loopback]) },
        };
    }
}
