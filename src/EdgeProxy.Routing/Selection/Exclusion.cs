namespace EdgeProxy.Routing;

/// <summary>Why a backend takes no new client.</summary>
public enum Exclusion : byte
{
    /// <summary>It takes some.</summary>
    None,

    /// <summary>The table says it is not healthy.</summary>
    Unhealthy,

    /// <summary>Its weight is 0.</summary>
    Draining,

    /// <summary>It is at its hard limit.</summary>
    Full,
}
