using EdgeProxy.Linux;
using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// Reads a request of the WireGuard userspace protocol (wireguard.com/xplatform): <c>get=1</c>, or <c>set=1</c> with
/// the device's values and then a section for each peer. All of it is read before any of it is applied.
/// </summary>
internal sealed class UapiParser
{
    private readonly List<TunnelPeerChange> _peers = [];
    private SecretKey? _privateKey;
    private ushort? _listenPort;
    private uint? _mark;
    private bool _replacePeers;
    private UapiPeer? _peer;

    private UapiParser()
    {
    }

    /// <summary>Whether a message has its closing empty line.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> message) =>
        message.EndsWith("\n\n"u8) || message.SequenceEqual("\n"u8);

    /// <param name="message">With its closing empty line.</param>
    /// <param name="request">Null when there is an error.</param>
    /// <returns>EPROTO: no request at all; EINVAL: a key or value that is none.</returns>
    public static Errno Parse(ReadOnlySpan<byte> message, out UapiRequest? request)
    {
        request = null;
        UapiLines lines = new(message);
        if (!lines.Next() || !lines.Value.SequenceEqual("1"u8)) { return Errno.EPROTO; }
        if (lines.Key.SequenceEqual("get"u8))
        {
            if (lines.Next() || lines.IsBroken) { return Errno.EPROTO; }
            request = new UapiRequest(null);
            return Errno.None;
        }

        if (!lines.Key.SequenceEqual("set"u8)) { return Errno.EPROTO; }
        UapiParser parser = new();
        bool good = true;
        while (good && lines.Next()) { good = parser.Take(lines.Key, lines.Value); }
        if (!good || lines.IsBroken)
        {
            parser.Wipe();
            return Errno.EINVAL;
        }

        request = new UapiRequest(parser.ToChange());
        return Errno.None;
    }

    private bool Take(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.SequenceEqual("public_key"u8))
        {
            EndPeer();
            bool good = PeerKey.TryParseHex(value, out PeerKey publicKey);
            _peer = new UapiPeer(publicKey);
            return good;
        }

        return _peer?.Take(key, value) ?? TakeOfDevice(key, value);
    }

    private bool TakeOfDevice(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        switch (key)
        {
            case var _ when key.SequenceEqual("private_key"u8):
                _privateKey?.Wipe();
                return (_privateKey = SecretKey.ParseHex(value)) is not null;
            case var _ when key.SequenceEqual("listen_port"u8):
                _listenPort = UapiValue.Port(value);
                return _listenPort is not null;
            case var _ when key.SequenceEqual("fwmark"u8):
                _mark = (uint?)UapiValue.Number(value, uint.MaxValue);
                return _mark is not null;
            default:
                return key.SequenceEqual("replace_peers"u8) && (_replacePeers = value.SequenceEqual("true"u8));
        }
    }

    private void EndPeer()
    {
        if (_peer is not null) { _peers.Add(_peer.ToChange()); }
        _peer = null;
    }

    private TunnelChange ToChange()
    {
        EndPeer();
        return new TunnelChange
        {
            PrivateKey = _privateKey, ListenPort = _listenPort, Mark = _mark, ReplacePeers = _replacePeers,
                Peers = _peers,
        };
    }

    private void Wipe()
    {
        _privateKey?.Wipe();
        _peer?.Wipe();
        foreach (TunnelPeerChange peer in _peers) { peer.PresharedKey?.Wipe(); }
    }
}
