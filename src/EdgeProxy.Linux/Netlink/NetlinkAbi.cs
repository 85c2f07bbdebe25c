namespace EdgeProxy.Linux;

/// <summary>
/// Netlink's numbers, in the kernel's spelling (netlink.h, rtnetlink.h, if_link.h, if_addr.h, genetlink.h,
/// wireguard.h).
/// </summary>
internal static class NetlinkAbi
{
    internal const int NETLINK_ROUTE = 0;
    internal const int NETLINK_GENERIC = 16;
    internal const int SOL_NETLINK = 270;
    internal const int NETLINK_CAP_ACK = 10;
    internal const int NETLINK_EXT_ACK = 11;
    internal const int NETLINK_GET_STRICT_CHK = 12;

    internal const ushort NLM_F_REQUEST = 1;
    internal const ushort NLM_F_ACK = 4;
    internal const ushort NLM_F_DUMP = 0x300;
    internal const ushort NLM_F_EXCL = 0x200;
    internal const ushort NLM_F_CREATE = 0x400;
    internal const ushort NLM_F_CAPPED = 0x100;
    internal const ushort NLM_F_ACK_TLVS = 0x200;
    internal const ushort NLM_F_DUMP_INTR = 0x10;
    internal const ushort NLMSG_ERROR = 2;
    internal const ushort NLMSG_DONE = 3;
    internal const ushort NLMSGERR_ATTR_MSG = 1;
    internal const ushort NLA_F_NESTED = 0x8000;
    internal const ushort NLA_TYPE_MASK = 0x3FFF;

    internal const ushort RTM_NEWLINK = 16;
    internal const ushort RTM_DELLINK = 17;
    internal const ushort RTM_GETLINK = 18;
    internal const ushort RTM_NEWADDR = 20;
    internal const ushort RTM_DELADDR = 21;
    internal const ushort RTM_GETADDR = 22;
    internal const ushort RTM_NEWROUTE = 24;
    internal const ushort RTM_DELROUTE = 25;
    internal const ushort RTM_GETROUTE = 26;

    internal const uint IFF_UP = 1;
    internal const ushort IFLA_IFNAME = 3;
    internal const ushort IFLA_MTU = 4;
    internal const ushort IFLA_LINKINFO = 18;
    internal const ushort IFLA_GSO_MAX_SEGS = 40;
    internal const ushort IFLA_GSO_MAX_SIZE = 41;
    internal const ushort IFLA_INFO_KIND = 1;

    internal const ushort IFA_ADDRESS = 1;
    internal const ushort IFA_LOCAL = 2;
    internal const ushort IFA_FLAGS = 8;
    internal const uint IFA_F_NOPREFIXROUTE = 0x200;

    internal const ushort RTA_DST = 1;
    internal const ushort RTA_OIF = 4;
    internal const ushort RTA_PRIORITY = 6;
    internal const ushort RTA_TABLE = 15;
    internal const byte RT_TABLE_MAIN = 254;
    internal const byte RT_SCOPE_UNIVERSE = 0;
    internal const byte RT_SCOPE_LINK = 253;
    internal const byte RT_SCOPE_NOWHERE = 255;
    internal const byte RTN_UNSPEC = 0;
    internal const byte RTN_UNICAST = 1;

    internal const ushort GENL_ID_CTRL = 16;
    internal const byte CTRL_CMD_GETFAMILY = 3;
    internal const ushort CTRL_ATTR_FAMILY_ID = 1;
    internal const ushort CTRL_ATTR_FAMILY_NAME = 2;

    internal const byte WG_CMD_GET_DEVICE = 0;
    internal const byte WG_CMD_SET_DEVICE = 1;
    internal const ushort WGDEVICE_A_IFINDEX = 1;
    internal const ushort WGDEVICE_A_IFNAME = 2;
    internal const ushort WGDEVICE_A_PRIVATE_KEY = 3;
    internal const ushort WGDEVICE_A_PUBLIC_KEY = 4;
    internal const ushort WGDEVICE_A_FLAGS = 5;
    internal const ushort WGDEVICE_A_LISTEN_PORT = 6;
    internal const ushort WGDEVICE_A_FWMARK = 7;
    internal const ushort WGDEVICE_A_PEERS = 8;
    internal const uint WGDEVICE_F_REPLACE_PEERS = 1;
    internal const ushort WGPEER_A_PUBLIC_KEY = 1;
    internal const ushort WGPEER_A_PRESHARED_KEY = 2;
    internal const ushort WGPEER_A_FLAGS = 3;
    internal const ushort WGPEER_A_ENDPOINT = 4;
    internal const ushort WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL = 5;
    internal const ushort WGPEER_A_LAST_HANDSHAKE_TIME = 6;
    internal const ushort WGPEER_A_RX_BYTES = 7;
    internal const ushort WGPEER_A_TX_BYTES = 8;
    internal const ushort WGPEER_A_ALLOWEDIPS = 9;
    internal const uint WGPEER_F_REMOVE_ME = 1;
    internal const uint WGPEER_F_REPLACE_ALLOWEDIPS = 2;
    internal const uint WGPEER_F_UPDATE_ONLY = 4;
    internal const ushort WGALLOWEDIP_A_FAMILY = 1;
    internal const ushort WGALLOWEDIP_A_IPADDR = 2;
    internal const ushort WGALLOWEDIP_A_CIDR_MASK = 3;
}
