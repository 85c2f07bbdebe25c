using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>What a step in changing this host's key came to.</summary>
public sealed record KeyRotationResult
{
    /// <summary>Why nothing was changed, with the cure; null when all is well.</summary>
    public string? Problem { get; init; }

    /// <summary>The key in use.</summary>
    public PeerKey PublicKey { get; init; }

    /// <summary>The one that is accepted as well; null when the change is over.</summary>
    public PeerKey? NextPublicKey { get; init; }
}
