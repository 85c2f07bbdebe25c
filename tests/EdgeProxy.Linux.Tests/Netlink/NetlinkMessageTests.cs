using System.Globalization;

namespace EdgeProxy.Linux.Tests;

/// <summary>The messages against what iproute2 6.1 and wireguard-tools 1.0 send for the same, byte for byte.</summary>
public sealed class NetlinkMessageTests
{
    private const int Link = 2;

    public static TheoryData<string, string> Golden => new()
    {
        {
            nameof(RouteMessages.SetMtu), // Without "up", which iproute2 says in the same message.
            "2800000010000500000000000000000000000000020000000000000000000000080004008C050000"
        },
        { "up", "2000000010000500000000000000000000000000020000000100000001000000" },
        { "down", "2000000010000500000000000000000000000000020000000000000001000000" },
        {
            nameof(RouteMessages.SetSegmentLimits),
            "30000000100005000000000000000000000000000200000000000000000000000800290060EA0000080028002D000000"
        },
        {
            nameof(RouteMessages.CreateLink),
            "3C00000010000506000000000000000000000000000000000000000000000000080003007767310014001200"
            + "0D000100776972656775617264000000"
        },
        { nameof(RouteMessages.DeleteLink), "2000000011000500000000000000000000000000020000000000000000000000" },
        { "address with route", "280000001400050600000000000000000210000002000000080002000A320102080001000A320102" },
        {
            "address without route",
            "300000001400050600000000000000000210000002000000080002000A3201030800080000020000080001000A320103"
        },
        {
            "IPv6 address without route",
            "480000001400050600000000000000000A4000000200000014000200FD500000000000000000000000000001"
            + "080008000002000014000100FD500000000000000000000000000001"
        },
        {
            nameof(RouteMessages.RemoveAddress),
            "280000001500050000000000000000000210000002000000080002000A320102080001000A320102"
        },
        {
            nameof(RouteMessages.AddRoute),
            "2C00000018000506000000000000000002100000FE97FD0100000000080001000A3C00000800040002000000"
        },
        {
            "IPv6 route",
            "380000001800050600000000000000000A300000FE9700010000000014000100FD600000000000000000000000000000"
            + "0800040002000000"
        },
        {
            "route with metric",
            "3400000018000506000000000000000002100000FE97FD0100000000080001000A3D0000080006002A0000000800040002000000"
        },
        {
            nameof(RouteMessages.RemoveRoute),
            "2C00000019000500000000000000000002100000FE97FF0000000000080001000A3C00000800040002000000"
        },
        {
            "IPv6 route removed",
            "380000001900050000000000000000000A300000FE9700000000000014000100FD600000000000000000000000000000"
            + "0800040002000000"
        },
        {
            nameof(WireGuardMessages.FindFamily),
            "24000000100005000000000000000000030100000E000200776972656775617264000000"
        },
        {
            "device",
            "7C0100001C000500000000000000000001010000080002007767300024000300000102030405060708090A0B0C0D0E0F"
            + "101112131415161718191A1B1C1D1E1F060006006CCA0000080007006CCA00002C010880B80000802400010011111111"
            + "11111111111111111111111111111111111111111111111111111111240002005A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A"
            + "5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A140004000200CA6DC00002070000000000000000060005001900000008000300"
            + "02000000480009801C0000800600010002000000080002000A320100050003001800000028000080060001000A000000"
            + "14000200FD50000100000000000000000000000005000300400000007000008024000100222222222222222222222222"
            + "2222222222222222222222222222222222222222200004000A00CA6E0000000020010DB8000000000000000000000002"
            + "000000000800030002000000200009801C0000800600010002000000080002000A3202000500030018000000"
        },
        {
            "peer removed",
            "500000001C00050000000000000000000101000008000200776730003400088030000080240001003333333333333333"
            + "3333333333333333333333333333333333333333333333330800030001000000"
        },
    };

    [Theory, MemberData(nameof(Golden))]
    public void Complete_WhenMade_IsWhatTheToolsSend(string name, string golden) =>
        Assert.Equal(golden, Convert.ToHexString(Make(name).Complete(0)));

    [Fact]
    public void SetDevice_WhenItDoesNotFitOneMessage_IsSplitWhereTheToolsSplitIt()
    {
        WireGuardDeviceChange change = new()
        {
            Name = "wg0",
            Peers =
            [
                new WireGuardPeerChange
                {
                    PublicKey = Key(0x33),
                    ReplaceAllowedIps = true,
                    AllowedIps = [.. Enumerable.Range(0, 300).Select(static i => V4($"10.{i / 256}.{i % 256}.0", 24))],
                },
            ],
        };
        string file = Path.Combine(AppContext.BaseDirectory, "Netlink", "Golden", "wg-set-large.hex");
        List<NetlinkMessage> messages = WireGuardMessages.SetDevice(0x1C, change);
        Assert.Equal(File.ReadAllLines(file), messages.Select(static m => Convert.ToHexString(m.Complete(0))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(140)]
    [InlineData(200)]
    public void Read_WhenADeviceOfManyPeersWasWritten_GivesItBack(int allowedIps)
    {
        WireGuardDeviceChange change = new()
        {
            Name = "wg0",
            ListenPort = 51_820,
            Mark = 7,
            Peers =
            [
                .. Enumerable.Range(1, 50).Select(peer => new WireGuardPeerChange
                {
                    PublicKey = Key((byte)peer),
                    PresharedKey = Key(0xAA),
                    KeepaliveSeconds = (ushort)peer,
                    Endpoint = SocketAddress.From(0x2001_0DB8_0000_0000, (ulong)peer, 4_000),
                    AllowedIps =
                    [
                        .. Enumerable.Range(peer, allowedIps)
                            .Select(static i => new NetworkPrefix(0xFDUL << 56, (ulong)i, 128)),
                    ],
                }),
            ],
        };
        WireGuardDeviceState device = new();
        foreach (NetlinkMessage message in WireGuardMessages.SetDevice(0x1C, change))
        {
            ReadOnlySpan<byte> bytes = message.Complete(1);
            Assert.True(bytes.Length <= WireGuardMessages.BytesMax);
            WireGuardMessages.Read(bytes[NetlinkMessage.HeaderBytes..], device);
        }

        Assert.Equal(("wg0", (ushort)51_820, 7u), (device.Name, device.ListenPort, device.Mark));
        Assert.Equal(change.Peers.Count, device.Peers.Count);
        foreach ((WireGuardPeerChange written, WireGuardPeerState read) in change.Peers.Zip(device.Peers))
        {
            Assert.Equal(written.PublicKey, read.PublicKey);
            Assert.Equal(written.PresharedKey, read.PresharedKey);
            Assert.Equal(written.KeepaliveSeconds, read.KeepaliveSeconds);
            (SocketAddress sent, SocketAddress kept) = (written.Endpoint!.Value, read.Endpoint!.Value);
            Assert.Equal((sent.Low, sent.Port), (kept.Low, kept.Port));
            Assert.Equal(written.AllowedIps, read.AllowedIps);
        }
    }

    private static NetlinkMessage Make(string name) => name switch
    {
        nameof(RouteMessages.SetMtu) => RouteMessages.SetMtu(Link, 1_420),
        "up" => RouteMessages.SetUp(Link, up: true),
        "down" => RouteMessages.SetUp(Link, up: false),
        nameof(RouteMessages.SetSegmentLimits) => RouteMessages.SetSegmentLimits(Link, 60_000, 45),
        nameof(RouteMessages.CreateLink) => RouteMessages.CreateLink("wg1", "wireguard"),
        nameof(RouteMessages.DeleteLink) => RouteMessages.DeleteLink(Link),
        "address with route" => RouteMessages.AddAddress(Of(V4("10.50.1.2", 16)), prefixRoute: true),
        "address without route" => RouteMessages.AddAddress(Of(V4("10.50.1.3", 16)), prefixRoute: false),
        "IPv6 address without route" => RouteMessages.AddAddress(
            Of(new NetworkPrefix(0xFD50UL << 48, 1, 64)), prefixRoute: false),
        nameof(RouteMessages.RemoveAddress) => RouteMessages.RemoveAddress(Of(V4("10.50.1.2", 16))),
        nameof(RouteMessages.AddRoute) => RouteMessages.AddRoute(Own(V4("10.60.0.0", 16), 0)),
        "IPv6 route" => RouteMessages.AddRoute(Own(new NetworkPrefix(0xFD60UL << 48, 0, 48), 0)),
        "route with metric" => RouteMessages.AddRoute(Own(V4("10.61.0.0", 16), 42)),
        nameof(RouteMessages.RemoveRoute) => RouteMessages.RemoveRoute(Own(V4("10.60.0.0", 16), 0)),
        "IPv6 route removed" => RouteMessages.RemoveRoute(Own(new NetworkPrefix(0xFD60UL << 48, 0, 48), 0)),
        nameof(WireGuardMessages.FindFamily) => WireGuardMessages.FindFamily("wireguard"),
        "device" => Assert.Single(WireGuardMessages.SetDevice(0x1C, Device())),
        "peer removed" => Assert.Single(WireGuardMessages.SetDevice(0x1C, new WireGuardDeviceChange
        {
            Name = "wg0",
            Peers = [new WireGuardPeerChange { PublicKey = Key(0x33), Remove = true }],
        })),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static WireGuardDeviceChange Device() => new()
    {
        Name = "wg0",
        PrivateKey = [.. Enumerable.Range(0, 32).Select(static i => (byte)i)],
        ListenPort = 51_820,
        Mark = 0xCA6C,
        Peers =
        [
            new WireGuardPeerChange
            {
                PublicKey = Key(0x11),
                PresharedKey = Key(0x5A),
                Endpoint = SocketAddress.From(0, 0x0000_FFFF_C000_0207UL, 51_821),
                KeepaliveSeconds = 25,
                ReplaceAllowedIps = true,
                AllowedIps = [V4("10.50.1.0", 24), new NetworkPrefix(0xFD50_0001UL << 32, 0, 64)],
            },
            new WireGuardPeerChange
            {
                PublicKey = Key(0x22),
                Endpoint = SocketAddress.From(0x2001_0DB8UL << 32, 2, 51_822),
                ReplaceAllowedIps = true,
                AllowedIps = [V4("10.50.2.0", 24)],
            },
        ],
    };

    private static InterfaceAddress Of(NetworkPrefix prefix) => new(Link, prefix);

    private static RouteInfo Own(NetworkPrefix prefix, uint metric) =>
        new(Link, prefix, RouteNetlink.OwnProtocol, metric);

    private static byte[] Key(byte value) => [.. Enumerable.Repeat(value, 32)];

    private static NetworkPrefix V4(string address, int bits)
    {
        ulong number = 0;
        foreach (string octet in address.Split('.'))
        {
            number = (number << 8) | byte.Parse(octet, CultureInfo.InvariantCulture);
        }

        return new NetworkPrefix(0, 0x0000_FFFF_0000_0000UL | number, bits);
    }
}
