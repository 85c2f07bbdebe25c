using EdgeProxy.ControlPlane;
using EdgeProxy.Routing;

namespace EdgeProxy;

/// <summary>
/// Who this host is in the backhaul: its key, and why it has none. Private halves stay in their files.
/// </summary>
internal sealed record TunnelIdentity
{
    public PeerKey PublicKey { get; private init; }

    /// <summary>The key was made just now.</summary>
    public bool IsNew { get; private init; }

    /// <summary>With the cure.</summary>
    public string? Problem { get; private init; }

    /// <summary>What the keys are, as they change.</summary>
    public OwnKeys Keys { get; } = new();

    /// <summary>What follows from it for rows of <c>peers</c>.</summary>
    public PeerRules Rules { get; private init; } = new();

    /// <param name="settings">Null when the backhaul is off.</param>
    /// <param name="make">Makes the key when there is none; else that is no problem either, for a start would make
    /// it.</param>
    public static TunnelIdentity Of(TunnelSettings? settings, bool make)
    {
        TunnelIdentity identity = new();
        if (settings is null) { return identity; }
        if (settings.Addresses.Count == 0)
        {
            return identity with
            {
                Problem =
                    "EDGEPROXY_WIREGUARD is on and EDGEPROXY_WIREGUARD_ADDRESS is empty: this host has no address "
                    + "in the tunnel. Give one, such as 10.50.1.1/16; edgeproxy wg mesh plans them",
            };
        }

        OwnKeys keys = identity.Keys;
        identity = identity with
        {
            Rules = new PeerRules
            {
                IsOwnKey = keys.Contains, OwnAddresses = settings.Addresses, ReadPresharedKey = KeyFile.Read,
            },
        };
        if (!make && !File.Exists(settings.KeyPath)) { return identity; }
        bool isNew = false;
        if (make)
        {
            KeyRead read = KeyFile.ReadOrMake(settings.KeyPath, out isNew);
            if (read.Key is null) { return identity with { Problem = KeyRotation.Failed(settings.KeyPath, read).Problem }; }
            read.Key.Wipe();
        }

        KeyRotationResult found = new KeyRotation(settings.KeyPath, keys, static () => null).Reload();
        return identity with { PublicKey = found.PublicKey, IsNew = isNew, Problem = found.Problem };
    }
}
