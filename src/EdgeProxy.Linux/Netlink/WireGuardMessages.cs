using System.Runtime.InteropServices;

namespace EdgeProxy.Linux;

/// <summary>
/// Requests of the generic netlink family "wireguard" (include/uapi/linux/wireguard.h) and what its answers say: bytes
/// from values and values from bytes, in wireguard-tools' order.
/// </summary>
internal static class WireGuardMessages
{
    /// <summary>What a request may hold; wireguard-tools' bound, which every kernel takes.</summary>
    internal const int BytesMax = 4096;

    private const int GenericBytes = 4; // struct genlmsghdr
    private const byte WireGuardVersion = 1;
    private const ushort Change = NetlinkAbi.NLM_F_REQUEST | NetlinkAbi.NLM_F_ACK;

    /// <summary>Asks for a family's number.</summary>
    internal static NetlinkMessage FindFamily(string name) =>
        Generic(NetlinkAbi.GENL_ID_CTRL, Change, NetlinkAbi.CTRL_CMD_GETFAMILY)
            .Add(NetlinkAbi.CTRL_ATTR_FAMILY_NAME, name);

    internal static ushort ReadFamily(ReadOnlySpan<byte> body)
    {
        NetlinkAttributes attributes = After(body);
        while (attributes.MoveNext())
        {
            if (attributes.Type == NetlinkAbi.CTRL_ATTR_FAMILY_ID) { return attributes.UInt16; }
        }

        return 0;
    }

    internal static NetlinkMessage GetDevice(ushort family, string name) =>
        Generic(family, Change | NetlinkAbi.NLM_F_DUMP, NetlinkAbi.WG_CMD_GET_DEVICE)
            .Add(NetlinkAbi.WGDEVICE_A_IFNAME, name);

    /// <summary>
    /// As many requests as it takes: a peer that does not fit the rest of one goes on in the next, which names the
    /// device and the
    /// peer again and adds to them.
    /// </summary>
    internal static List<NetlinkMessage> SetDevice(ushort family, WireGuardDeviceChange change)
    {
        List<NetlinkMessage> messages = [];
        NetlinkMessage message = Begin(family, change.Name);
        if (change.PrivateKey is { } key) { message.Add(NetlinkAbi.WGDEVICE_A_PRIVATE_KEY, key); }
        if (change.ListenPort is { } port) { message.Add(NetlinkAbi.WGDEVICE_A_LISTEN_PORT, port); }
        if (change.Mark is { } mark) { message.Add(NetlinkAbi.WGDEVICE_A_FWMARK, mark); }
        if (change.ReplacePeers) { message.Add(NetlinkAbi.WGDEVICE_A_FLAGS, NetlinkAbi.WGDEVICE_F_REPLACE_PEERS); }

        int peer = 0, allowedIp = 0;
        while (true)
        {
            if (change.Peers.Count > 0)
            {
                int peers = message.BeginNest(NetlinkAbi.WGDEVICE_A_PEERS);
                while (peer < change.Peers.Count && TryAddPeer(message, change.Peers[peer], ref allowedIp))
                {
                    peer++;
                    allowedIp = 0;
                }

                message.EndNest(peers);
            }

            messages.Add(message);
            if (peer == change.Peers.Count) { return messages; }
            message = Begin(family, change.Name);
        }
    }

    /// <summary>Takes one message of a device's answer in; a peer too large for one goes on in the next.</summary>
    internal static void Read(ReadOnlySpan<byte> body, WireGuardDeviceState device)
    {
        NetlinkAttributes attributes = After(body);
        while (attributes.MoveNext())
        {
            switch (attributes.Type)
            {
                case NetlinkAbi.WGDEVICE_A_IFINDEX: device.Index = (int)attributes.UInt32; break;
                case NetlinkAbi.WGDEVICE_A_IFNAME: device.Name = attributes.Text; break;
                case NetlinkAbi.WGDEVICE_A_PUBLIC_KEY: device.PublicKey = attributes.Value.ToArray(); break;
                case NetlinkAbi.WGDEVICE_A_LISTEN_PORT: device.ListenPort = attributes.UInt16; break;
                case NetlinkAbi.WGDEVICE_A_FWMARK: device.Mark = attributes.UInt32; break;
                case NetlinkAbi.WGDEVICE_A_PEERS: ReadPeers(attributes.Value, device.Peers); break;
                default: break; // The private key among them, which nobody here needs back.
            }
        }
    }

    /// <returns>False: not all of it fits, and it goes on at <paramref name="allowedIp"/>.</returns>
    private static bool TryAddPeer(NetlinkMessage message, WireGuardPeerChange peer, ref int allowedIp)
    {
        int start = message.Length;
        int nest = message.BeginNest(0);
        message.Add(NetlinkAbi.WGPEER_A_PUBLIC_KEY, peer.PublicKey);
        uint flags = peer.Remove ? NetlinkAbi.WGPEER_F_REMOVE_ME : 0;
        if (peer.UpdateOnly) { flags |= NetlinkAbi.WGPEER_F_UPDATE_ONLY; }
        if (allowedIp == 0)
        {
            if (peer.ReplaceAllowedIps) { flags |= NetlinkAbi.WGPEER_F_REPLACE_ALLOWEDIPS; }
            if (peer.PresharedKey is { } key) { message.Add(NetlinkAbi.WGPEER_A_PRESHARED_KEY, key); }
            if (peer.Endpoint is { } endpoint) { AddEndpoint(message, endpoint); }
            if (peer.KeepaliveSeconds is { } seconds)
            {
                message.Add(NetlinkAbi.WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL, seconds);
            }
        }

        if (flags != 0) { message.Add(NetlinkAbi.WGPEER_A_FLAGS, flags); }
        if (message.Length > BytesMax)
        {
            message.CutTo(start);
            return false;
        }

        if (peer.AllowedIps.Count == 0)
        {
            message.EndNest(nest);
            return true;
        }

        int all = message.BeginNest(NetlinkAbi.WGPEER_A_ALLOWEDIPS);
        for (; allowedIp < peer.AllowedIps.Count; allowedIp++)
        {
            int before = message.Length;
            AddAllowedIp(message, peer.AllowedIps[allowedIp]);
            if (message.Length <= BytesMax) { continue; }
            message.CutTo(before);
            break;
        }

        if (allowedIp == 0) // Not one: what stands is said again in the next.
        {
            message.CutTo(start);
            return false;
        }

        message.EndNest(all);
        message.EndNest(nest);
        return allowedIp == peer.AllowedIps.Count;
    }

    private static void AddAllowedIp(NetlinkMessage message, in NetworkPrefix prefix)
    {
        int nest = message.BeginNest(0);
        message.Add(NetlinkAbi.WGALLOWEDIP_A_FAMILY, (ushort)prefix.Family);
        message.AddAddress(NetlinkAbi.WGALLOWEDIP_A_IPADDR, prefix);
        message.Add(NetlinkAbi.WGALLOWEDIP_A_CIDR_MASK, (byte)prefix.Bits);
        message.EndNest(nest);
    }

    /// <summary>A <c>sockaddr_in</c> or <c>sockaddr_in6</c>: the kernel takes no mapped form.</summary>
    private static void AddEndpoint(NetlinkMessage message, in SocketAddress endpoint)
    {
        SocketAddress plain = endpoint.IsIPv4 ? SocketAddress.From(0, endpoint.Low, endpoint.Port) : endpoint;
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<SocketAddress>(ref plain));
        message.Add(NetlinkAbi.WGPEER_A_ENDPOINT, bytes[..plain.Length]);
    }

    private static void ReadPeers(ReadOnlySpan<byte> nest, List<WireGuardPeerState> peers)
    {
        NetlinkAttributes each = new(nest);
        while (each.MoveNext()) { ReadPeer(each.Value, peers); }
    }

    private static void ReadPeer(ReadOnlySpan<byte> nest, List<WireGuardPeerState> peers)
    {
        WireGuardPeerState? peer = null;
        NetlinkAttributes attributes = new(nest);
        while (attributes.MoveNext())
        {
            if (attributes.Type == NetlinkAbi.WGPEER_A_PUBLIC_KEY) // The first of a peer's.
            {
                bool goesOn = peers.Count > 0 && attributes.Value.SequenceEqual(peers[^1].PublicKey);
                peer = goesOn ? peers[^1] : new WireGuardPeerState { PublicKey = attributes.Value.ToArray() };
                if (!goesOn) { peers.Add(peer); }
            }

            if (peer is not null) { Read(attributes, peer); }
        }
    }

    private static void Read(NetlinkAttributes attribute, WireGuardPeerState peer)
    {
        switch (attribute.Type)
        {
            case NetlinkAbi.WGPEER_A_PRESHARED_KEY: peer.PresharedKey = attribute.Value.ToArray(); break;
            case NetlinkAbi.WGPEER_A_ENDPOINT: peer.Endpoint = ReadEndpoint(attribute.Value); break;
            case NetlinkAbi.WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL: peer.KeepaliveSeconds = attribute.UInt16; break;
            case NetlinkAbi.WGPEER_A_LAST_HANDSHAKE_TIME: peer.LastHandshakeUnixSeconds = (long)attribute.UInt64; break;
            case NetlinkAbi.WGPEER_A_RX_BYTES: peer.ReceivedBytes = attribute.UInt64; break;
            case NetlinkAbi.WGPEER_A_TX_BYTES: peer.SentBytes = attribute.UInt64; break;
            case NetlinkAbi.WGPEER_A_ALLOWEDIPS: ReadAllowedIps(attribute.Value, peer.AllowedIps); break;
            default: break; // Flags and the protocol's version.
        }
    }

    private static SocketAddress? ReadEndpoint(ReadOnlySpan<byte> bytes)
    {
        SocketAddress address = default;
        Span<byte> target = MemoryMarshal.AsBytes(new Span<SocketAddress>(ref address));
        if (bytes.Length is not 16 and not 28) { return null; }
        bytes.CopyTo(target);
        return address;
    }

    private static void ReadAllowedIps(ReadOnlySpan<byte> nest, List<NetworkPrefix> prefixes)
    {
        NetlinkAttributes each = new(nest);
        while (each.MoveNext())
        {
            ReadOnlySpan<byte> address = default;
            int bits = 0;
            NetlinkAttributes attributes = new(each.Value);
            while (attributes.MoveNext())
            {
                if (attributes.Type == NetlinkAbi.WGALLOWEDIP_A_IPADDR) { address = attributes.Value; }
                bool isLength = attributes.Type == NetlinkAbi.WGALLOWEDIP_A_CIDR_MASK && attributes.Value.Length > 0;
                if (isLength) { bits = attributes.Value[0]; }
            }

            if (address.Length is 4 or 16) { prefixes.Add(NetworkPrefix.Read(address, bits)); }
        }
    }

    private static NetlinkMessage Begin(ushort family, string name) =>
        Generic(family, Change, NetlinkAbi.WG_CMD_SET_DEVICE).Add(NetlinkAbi.WGDEVICE_A_IFNAME, name);

    private static NetlinkMessage Generic(ushort family, ushort flags, byte command)
    {
        NetlinkMessage message = new(family, flags);
        Span<byte> header = message.Extend(GenericBytes);
        header[0] = command;
        header[1] = WireGuardVersion; // The controller's is not looked at.
        return message;
    }

    private static NetlinkAttributes After(ReadOnlySpan<byte> body) =>
        new(body.Length >= GenericBytes ? body[GenericBytes..] : []);
}
