using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>The section of one peer while it is read.</summary>
internal sealed class UapiPeer(in PeerKey key)
{
    private readonly PeerKey _key = key;
    private readonly List<IpPrefix> _allowedIps = [];
    private readonly List<IpPrefix> _removedIps = [];
    private bool _remove;
    private bool _updateOnly;
    private bool _replaceAllowedIps;
    private SecretKey? _presharedKey;
    private IpEndpoint? _endpoint;
    private ushort? _keepaliveSeconds;

    /// <returns>False when the key is none of a peer's, or its value is none it takes.</returns>
    public bool Take(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        switch (key)
        {
            case var _ when key.SequenceEqual("remove"u8):
                return _remove = value.SequenceEqual("true"u8);
            case var _ when key.SequenceEqual("update_only"u8):
                return _updateOnly = value.SequenceEqual("true"u8);
            case var _ when key.SequenceEqual("replace_allowed_ips"u8):
                _allowedIps.Clear(); // What stood before it in this section is replaced as well.
                _removedIps.Clear();
                return _replaceAllowedIps = value.SequenceEqual("true"u8);
            case var _ when key.SequenceEqual("preshared_key"u8):
                _presharedKey?.Wipe();
                return (_presharedKey = SecretKey.ParseHex(value)) is not null;
            case var _ when key.SequenceEqual("endpoint"u8):
                _endpoint = UapiValue.Endpoint(value);
                return _endpoint is not null;
            case var _ when key.SequenceEqual("persistent_keepalive_interval"u8):
                _keepaliveSeconds = UapiValue.Port(value);
                return _keepaliveSeconds is not null;
            case var _ when key.SequenceEqual("allowed_ip"u8):
                return TakeBlock(value);
            default:
                return key.SequenceEqual("protocol_version"u8) && value.SequenceEqual("1"u8);
        }
    }

    public void Wipe() => _presharedKey?.Wipe();

    public TunnelPeerChange ToChange() => new()
    {
        PublicKey = _key,
        Remove = _remove,
        UpdateOnly = _updateOnly,
        PresharedKey = _presharedKey,
        Endpoint = _endpoint,
        KeepaliveSeconds = _keepaliveSeconds,
        ReplaceAllowedIps = _replaceAllowedIps,
        AllowedIps = _allowedIps,
        RemovedIps = _removedIps,
    };

    /// <summary>A block with a minus before it is taken away (since 2025), others are given.</summary>
    private bool TakeBlock(ReadOnlySpan<byte> value)
    {
        bool taken = !value.IsEmpty && value[0] == '-';
        if (UapiValue.Block(taken ? value[1..] : value) is not { } block) { return false; }
        (taken ? _removedIps : _allowedIps).Add(block);
        return true;
    }
}
