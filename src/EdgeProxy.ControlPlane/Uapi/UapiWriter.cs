using EdgeProxy.Linux;
using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>Writes answers of the WireGuard userspace protocol.</summary>
internal static class UapiWriter
{
    private const long NsPerSecond = 1_000_000_000;
    private const int HexLength = 2 * SecretKey.Bytes;

    public static void WriteState(PageBuffer page, TunnelState state)
    {
        if (state.PrivateKey is { IsZero: false } key) { WriteSecret(page, "private_key="u8, key); }
        if (state.ListenPort != 0) { WriteNumber(page, "listen_port="u8, state.ListenPort); }
        if (state.Mark != 0) { WriteNumber(page, "fwmark="u8, state.Mark); }
        foreach (TunnelPeerState peer in state.Peers) { WritePeer(page, peer); }
        WriteError(page, Errno.None);
    }

    /// <summary>Ends an answer. Errors are negative, as the kernel's are; `wg` prints their text.</summary>
    public static void WriteError(PageBuffer page, Errno error)
    {
        WriteNumber(page, "errno="u8, -(int)error);
        page.Append('\n');
    }

    private static void WritePeer(PageBuffer page, TunnelPeerState peer)
    {
        Span<byte> hex = stackalloc byte[HexLength];
        peer.PublicKey.WriteHex(hex);
        page.Append("public_key="u8);
        page.Append(hex);
        page.Append('\n');
        if (peer.PresharedKey is { } preshared) { WriteSecret(page, "preshared_key="u8, preshared); }
        page.Append("protocol_version=1\n"u8);
        if (peer.Endpoint is { } endpoint)
        {
            page.Append("endpoint="u8);
            page.AppendText(endpoint.ToString());
            page.Append('\n');
        }

        WriteNumber(page, "last_handshake_time_sec="u8, peer.HandshakeUnixNs / NsPerSecond);
        WriteNumber(page, "last_handshake_time_nsec="u8, peer.HandshakeUnixNs % NsPerSecond);
        WriteNumber(page, "tx_bytes="u8, peer.SentBytes);
        WriteNumber(page, "rx_bytes="u8, peer.ReceivedBytes);
        WriteNumber(page, "persistent_keepalive_interval="u8, peer.KeepaliveSeconds);
        foreach (IpPrefix block in peer.AllowedIps)
        {
            page.Append("allowed_ip="u8);
            page.AppendText(block.ToString());
            page.Append('\n');
        }
    }

    private static void WriteNumber(PageBuffer page, ReadOnlySpan<byte> key, long value)
    {
        page.Append(key);
        page.AppendNumber(value);
        page.Append('\n');
    }

    private static void WriteSecret(PageBuffer page, ReadOnlySpan<byte> key, SecretKey value)
    {
        Span<byte> hex = stackalloc byte[HexLength];
        value.WriteHex(hex);
        page.Append(key);
        page.Append(hex);
        page.Append('\n');
        hex.Clear();
    }
}
