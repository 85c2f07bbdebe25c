using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>What asking a device came to: its state, or why there is none.</summary>
public sealed class UapiAnswer
{
    private const long NsPerSecond = 1_000_000_000;

    /// <summary>The year 2262, when nanoseconds no longer fit.</summary>
    private const long SecondsMax = (long.MaxValue / NsPerSecond) - 1;

    /// <summary>Null when there is a <see cref="Problem"/>; the caller wipes it.</summary>
    public TunnelState? State { get; init; }

    /// <summary>With the cure; null when there is a state.</summary>
    public string? Problem { get; init; }

    /// <summary>No program has such a device.</summary>
    public bool IsNotRunning { get; init; }

    /// <summary>
    /// Reads the answer to <c>get=1</c> of any WireGuard program. Keys this program does not know are skipped: a newer
    /// one may have them.
    /// </summary>
    /// <returns>Null when it is no answer, or one with an error.</returns>
    internal static TunnelState? Read(ReadOnlySpan<byte> message)
    {
        TunnelState state = new();
        List<TunnelPeerState> peers = [];
        List<IpPrefix> blocks = [];
        TunnelPeerState? peer = null;
        bool good = false;
        UapiLines lines = new(message);
        while (lines.Next())
        {
            ReadOnlySpan<byte> value = lines.Value;
            if (lines.Key.SequenceEqual("errno"u8))
            {
                good = value.SequenceEqual("0"u8);
            }
            else if (lines.Key.SequenceEqual("public_key"u8))
            {
                End(ref peer, peers, blocks);
                if (!PeerKey.TryParseHex(value, out PeerKey key)) { return null; }
                peer = new TunnelPeerState { PublicKey = key };
            }
            else if (peer is null)
            {
                state = TakeOfDevice(state, lines.Key, value);
            }
            else if (lines.Key.SequenceEqual("allowed_ip"u8))
            {
                if (UapiValue.Block(value) is not { } block) { return null; }
                blocks.Add(block);
            }
            else
            {
                peer = Take(peer, lines.Key, value);
            }
        }

        End(ref peer, peers, blocks);
        return good && !lines.IsBroken ? state with { Peers = peers } : null;
    }

    private static void End(ref TunnelPeerState? peer, List<TunnelPeerState> peers, List<IpPrefix> blocks)
    {
        if (peer is not null) { peers.Add(peer with { AllowedIps = [.. blocks] }); }
        blocks.Clear();
        peer = null;
    }

    private static TunnelState TakeOfDevice(TunnelState state, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        key switch
    {
        _ when key.SequenceEqual("private_key"u8) => state with { PrivateKey = SecretKey.ParseHex(value) },
        _ when key.SequenceEqual("listen_port"u8) => state with { ListenPort = UapiValue.Port(value) ?? 0 },
        _ when key.SequenceEqual("fwmark"u8) =>
            state with { Mark = (uint)(UapiValue.Number(value, uint.MaxValue) ?? 0) },
        _ => state,
    };

    private static TunnelPeerState Take(TunnelPeerState peer, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        key switch
    {
        _ when key.SequenceEqual("preshared_key"u8) => peer with { PresharedKey = Given(SecretKey.ParseHex(value)) },
        _ when key.SequenceEqual("endpoint"u8) => peer with { Endpoint = UapiValue.Endpoint(value) },
        _ when key.SequenceEqual("persistent_keepalive_interval"u8) =>
            peer with { KeepaliveSeconds = UapiValue.Port(value) ?? 0 },
        _ when key.SequenceEqual("rx_bytes"u8) => peer with { ReceivedBytes = Number(value) },
        _ when key.SequenceEqual("tx_bytes"u8) => peer with { SentBytes = Number(value) },
        _ when key.SequenceEqual("last_handshake_time_sec"u8) =>
            peer with { HandshakeUnixNs = ((UapiValue.Number(value, SecondsMax) ?? 0) * NsPerSecond)
                + (peer.HandshakeUnixNs % NsPerSecond) },
        _ when key.SequenceEqual("last_handshake_time_nsec"u8) =>
            peer with { HandshakeUnixNs = peer.HandshakeUnixNs - (peer.HandshakeUnixNs % NsPerSecond)
                + (Number(value) % NsPerSecond) },
        _ => peer,
    };

    /// <summary>Every peer has a pre-shared key in the protocol; the zero key is none.</summary>
    private static SecretKey? Given(SecretKey? key) => key is { IsZero: false } ? key : null;

    /// <summary>A count; what is none counts as 0.</summary>
    private static long Number(ReadOnlySpan<byte> value) => UapiValue.Number(value, long.MaxValue) ?? 0;
}
