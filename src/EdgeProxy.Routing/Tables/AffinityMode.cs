namespace EdgeProxy.Routing;

/// <summary>How strongly a client is kept on its backend.</summary>
public enum AffinityMode : byte
{
    /// <summary>The bound backend if it can take the client, else another, which becomes the bound one.</summary>
    Prefer,

    /// <summary>
    /// Only the bound backend while the binding lives and the backend exists; the client is closed otherwise.
    /// </summary>
    Require,

    /// <summary>Every connection is chosen anew.</summary>
    None,
}
