using EdgeProxy.Routing;

namespace EdgeProxy;

/// <summary>This host's public keys: one, and two while it is changed. Any thread reads.</summary>
internal sealed class OwnKeys
{
    private volatile PeerKey[] _keys = [];

    public void Set(PeerKey current, PeerKey? next) => _keys = next is { } other ? [current, other] : [current];

    public bool Contains(PeerKey key)
    {
        foreach (PeerKey own in _keys)
        {
            if (own == key) { return true; }
        }

        return false;
    }
}
