using EdgeProxy.ControlPlane;
using EdgeProxy.Routing;

namespace EdgeProxy;

/// <summary>Who this host is in the backhaul: its key, and why it has none.</summary>
internal sealed record TunnelIdentity
{
    /// <summary>Null with the backhaul off, and when there is a <see cref="Problem"/>.</summary>
    public SecretKey? PrivateKey { get; private init; }

    public PeerKey PublicKey { get; private init; }

    /// <summary>The key was made just now.</summary>
    public bool IsNew { get; private init; }

    /// <summary>With the cure.</summary>
    public string? Problem { get; private init; }

    /// <summary>What follows from it for rows of <c>peers</c>.</summary>
    public PeerRules Rules { get; private init; } = new();

    /// <param name="settings">Null when the backhaul is off.</param>
    /// <param name="make">Makes the key when there is none; else that is no problem either, for a start would make
    /// it.</param>
    public static TunnelIdentity Of(TunnelSettings? settings, bool make)
    {
        if (settings is null) { return new TunnelIdentity(); }
        if (settings.Addresses.Count == 0)
        {
            return new TunnelIdentity
            {
                Problem =
                    "EDGEPROXY_WIREGUARD is on and EDGEPROXY_WIREGUARD_ADDRESS is empty: this host has no address "
                    + "in the tunnel. Give one, such as 10.50.1.1/16; edgeproxy wg mesh plans them",
            };
        }

        PeerRules rules = new() { OwnAddresses = settings.Addresses, ReadPresharedKey = KeyFile.Read };
        if (!make && !File.Exists(settings.KeyPath)) { return new TunnelIdentity { Rules = rules }; }
        bool isNew = false;
        KeyRead read = make ? KeyFile.ReadOrMake(settings.KeyPath, out isNew) : KeyFile.Read(settings.KeyPath);
        if (read.Key is null)
        {
            return new TunnelIdentity
            {
                Problem = $"the private key of the tunnel: {settings.KeyPath} {read.Problem}. Cure: {read.Cure}",
                Rules = rules,
            };
        }

        PeerKey publicKey = KeyPair.PublicOf(read.Key);
        return new TunnelIdentity
        {
            PrivateKey = read.Key, PublicKey = publicKey, IsNew = isNew, Rules = rules with { OwnKey = publicKey },
        };
    }
}
