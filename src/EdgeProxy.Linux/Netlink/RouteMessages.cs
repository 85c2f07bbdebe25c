using System.Buffers.Binary;

namespace EdgeProxy.Linux;

/// <summary>Requests of rtnetlink(7) and what their answers say: bytes from values and values from bytes.</summary>
internal static class RouteMessages
{
    private const int LinkBytes = 16;    // struct ifinfomsg
    private const int AddressBytes = 8;  // struct ifaddrmsg
    private const int RouteBytes = 12;   // struct rtmsg
    private const ushort Change = NetlinkAbi.NLM_F_REQUEST | NetlinkAbi.NLM_F_ACK;
    private const ushort Create = Change | NetlinkAbi.NLM_F_CREATE | NetlinkAbi.NLM_F_EXCL;
    private const ushort Dump = NetlinkAbi.NLM_F_REQUEST | NetlinkAbi.NLM_F_DUMP;

    internal static NetlinkMessage FindLink(string name)
    {
        NetlinkMessage message = new(NetlinkAbi.RTM_GETLINK, Change);
        message.Extend(LinkBytes);
        return message.Add(NetlinkAbi.IFLA_IFNAME, name);
    }

    internal static NetlinkMessage ListLinks()
    {
        NetlinkMessage message = new(NetlinkAbi.RTM_GETLINK, Dump);
        message.Extend(LinkBytes);
        return message;
    }

    internal static NetlinkMessage CreateLink(string name, string kind)
    {
        NetlinkMessage message = new(NetlinkAbi.RTM_NEWLINK, Create);
        message.Extend(LinkBytes);
        message.Add(NetlinkAbi.IFLA_IFNAME, name);
        int info = message.BeginNest(NetlinkAbi.IFLA_LINKINFO, marked: false); // As iproute2 writes it.
        message.Add(NetlinkAbi.IFLA_INFO_KIND, kind, closed: false);
        message.EndNest(info);
        return message;
    }

    internal static NetlinkMessage DeleteLink(int index) => Link(NetlinkAbi.RTM_DELLINK, index, flags: 0, changed: 0);

    internal static NetlinkMessage SetUp(int index, bool up) =>
        Link(NetlinkAbi.RTM_NEWLINK, index, up ? NetlinkAbi.IFF_UP : 0, NetlinkAbi.IFF_UP);

    internal static NetlinkMessage SetMtu(int index, int mtu) =>
        Link(NetlinkAbi.RTM_NEWLINK, index, flags: 0, changed: 0).Add(NetlinkAbi.IFLA_MTU, (uint)mtu);

    internal static NetlinkMessage SetSegmentLimits(int index, int bytesMax, int segmentsMax) =>
        Link(NetlinkAbi.RTM_NEWLINK, index, flags: 0, changed: 0)
            .Add(NetlinkAbi.IFLA_GSO_MAX_SIZE, (uint)bytesMax).Add(NetlinkAbi.IFLA_GSO_MAX_SEGS, (uint)segmentsMax);

    internal static NetlinkMessage AddAddress(in InterfaceAddress address, bool prefixRoute)
    {
        NetlinkMessage message = Address(NetlinkAbi.RTM_NEWADDR, Create, address)
            .AddAddress(NetlinkAbi.IFA_LOCAL, address.Prefix);
        if (!prefixRoute) { message.Add(NetlinkAbi.IFA_FLAGS, NetlinkAbi.IFA_F_NOPREFIXROUTE); }
        return message.AddAddress(NetlinkAbi.IFA_ADDRESS, address.Prefix);
    }

    internal static NetlinkMessage RemoveAddress(in InterfaceAddress address) =>
        Address(NetlinkAbi.RTM_DELADDR, Change, address)
            .AddAddress(NetlinkAbi.IFA_LOCAL, address.Prefix).AddAddress(NetlinkAbi.IFA_ADDRESS, address.Prefix);

    internal static NetlinkMessage ListAddresses()
    {
        NetlinkMessage message = new(NetlinkAbi.RTM_GETADDR, Dump);
        message.Extend(AddressBytes);
        return message;
    }

    internal static NetlinkMessage AddRoute(in RouteInfo route)
    {
        // No gateway: the link is the way.
        byte scope = route.Prefix.IsIPv4 ? NetlinkAbi.RT_SCOPE_LINK : NetlinkAbi.RT_SCOPE_UNIVERSE;
        return Route(NetlinkAbi.RTM_NEWROUTE, Create, route, scope, NetlinkAbi.RTN_UNICAST);
    }

    internal static NetlinkMessage RemoveRoute(in RouteInfo route)
    {
        byte scope = route.Prefix.IsIPv4 ? NetlinkAbi.RT_SCOPE_NOWHERE : NetlinkAbi.RT_SCOPE_UNIVERSE; // Any, to IPv4.
        return Route(NetlinkAbi.RTM_DELROUTE, Change, route, scope, NetlinkAbi.RTN_UNSPEC);
    }

    /// <param name="isIPv4">Of one family.</param>
    /// <param name="protocol">Made by one program; 0 for all.</param>
    internal static NetlinkMessage ListRoutes(bool isIPv4, byte protocol)
    {
        NetlinkMessage message = new(NetlinkAbi.RTM_GETROUTE, Dump);
        Span<byte> header = message.Extend(RouteBytes);
        header[0] = (byte)(isIPv4 ? Kernel.AF_INET : Kernel.AF_INET6);
        header[4] = NetlinkAbi.RT_TABLE_MAIN;
        header[5] = protocol;
        return message;
    }

    internal static bool TryReadLink(ushort type, ReadOnlySpan<byte> body, out LinkInfo link)
    {
        link = default;
        if (type != NetlinkAbi.RTM_NEWLINK || body.Length < LinkBytes) { return false; }
        string name = "", kind = "";
        int mtu = 0;
        NetlinkAttributes attributes = new(body[LinkBytes..]);
        while (attributes.MoveNext())
        {
            switch (attributes.Type)
            {
                case NetlinkAbi.IFLA_IFNAME: name = attributes.Text; break;
                case NetlinkAbi.IFLA_MTU: mtu = (int)attributes.UInt32; break;
                case NetlinkAbi.IFLA_LINKINFO: kind = ReadKind(attributes.Value); break;
                default: break; // Dozens more that nobody here asks about.
            }
        }

        bool isUp = (BinaryPrimitives.ReadUInt32LittleEndian(body[8..]) & NetlinkAbi.IFF_UP) != 0;
        link = new LinkInfo(BinaryPrimitives.ReadInt32LittleEndian(body[4..]), name, kind, mtu, isUp);
        return true;
    }

    internal static bool TryReadAddress(ushort type, ReadOnlySpan<byte> body, out InterfaceAddress address)
    {
        address = default;
        if (type != NetlinkAbi.RTM_NEWADDR || body.Length < AddressBytes) { return false; }
        int bytes = body[0] == Kernel.AF_INET ? 4 : 16;
        ReadOnlySpan<byte> local = default, named = default;
        NetlinkAttributes attributes = new(body[AddressBytes..]);
        while (attributes.MoveNext())
        {
            if (attributes.Type == NetlinkAbi.IFA_LOCAL) { local = attributes.Value; }
            if (attributes.Type == NetlinkAbi.IFA_ADDRESS) { named = attributes.Value; }
        }

        ReadOnlySpan<byte> own = local.IsEmpty ? named : local; // Beside a local one the other is the peer's.
        if (own.Length != bytes) { return false; }
        int link = BinaryPrimitives.ReadInt32LittleEndian(body[4..]);
        address = new InterfaceAddress(link, NetworkPrefix.Read(own, body[1]));
        return true;
    }

    internal static bool TryReadRoute(ushort type, ReadOnlySpan<byte> body, out RouteInfo route)
    {
        route = default;
        if (type != NetlinkAbi.RTM_NEWROUTE || body.Length < RouteBytes) { return false; }
        if (body[0] is not (Kernel.AF_INET or Kernel.AF_INET6)) { return false; }
        bool isIPv4 = body[0] == Kernel.AF_INET;
        NetworkPrefix prefix = NetworkPrefix.Everything(isIPv4);
        uint table = body[4], metric = 0;
        int link = 0;
        NetlinkAttributes attributes = new(body[RouteBytes..]);
        while (attributes.MoveNext())
        {
            switch (attributes.Type)
            {
                case NetlinkAbi.RTA_DST when attributes.Value.Length == (isIPv4 ? 4 : 16):
                    prefix = NetworkPrefix.Read(attributes.Value, body[1]);
                    break;
                case NetlinkAbi.RTA_OIF: link = (int)attributes.UInt32; break;
                case NetlinkAbi.RTA_PRIORITY: metric = attributes.UInt32; break;
                case NetlinkAbi.RTA_TABLE: table = attributes.UInt32; break;
                default: break; // Gateways, caches, next hops.
            }
        }

        route = new RouteInfo(link, prefix, body[5], metric);
        return table == NetlinkAbi.RT_TABLE_MAIN;
    }

    private static NetlinkMessage Link(ushort type, int index, uint flags, uint changed)
    {
        NetlinkMessage message = new(type, Change);
        Span<byte> header = message.Extend(LinkBytes);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], index);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], flags);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], changed);
        return message;
    }

    private static NetlinkMessage Address(ushort type, ushort flags, in InterfaceAddress address)
    {
        NetlinkMessage message = new(type, flags);
        Span<byte> header = message.Extend(AddressBytes);
        header[0] = address.Prefix.Family;
        header[1] = (byte)address.Prefix.Bits;
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], address.LinkIndex);
        return message;
    }

    private static NetlinkMessage Route(ushort type, ushort flags, in RouteInfo route, byte scope, byte kind)
    {
        NetlinkMessage message = new(type, flags);
        Span<byte> header = message.Extend(RouteBytes);
        header[0] = route.Prefix.Family;
        header[1] = (byte)route.Prefix.Bits;
        header[4] = NetlinkAbi.RT_TABLE_MAIN;
        header[5] = route.Protocol;
        header[6] = scope;
        header[7] = kind;
        message.AddAddress(NetlinkAbi.RTA_DST, route.Prefix);
        if (route.Metric != 0) { message.Add(NetlinkAbi.RTA_PRIORITY, route.Metric); }
        return message.Add(NetlinkAbi.RTA_OIF, (uint)route.LinkIndex);
    }

    private static string ReadKind(ReadOnlySpan<byte> info)
    {
        NetlinkAttributes attributes = new(info);
        while (attributes.MoveNext())
        {
            if (attributes.Type == NetlinkAbi.IFLA_INFO_KIND) { return attributes.Text; }
        }

        return "";
    }
}
