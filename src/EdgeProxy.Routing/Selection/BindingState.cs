namespace EdgeProxy.Routing;

/// <summary>What a client's binding means for its next connection.</summary>
public enum BindingState : byte
{
    /// <summary>The app binds nobody.</summary>
    Off,

    /// <summary>The client is not bound.</summary>
    Unbound,

    /// <summary>The bound backend takes the client.</summary>
    Used,

    /// <summary>The bound backend cannot take the client, which is chosen a new one.</summary>
    Replaced,

    /// <summary>The bound backend cannot take the client, and the app requires it.</summary>
    Unavailable,

    /// <summary>The bound backend is gone from the app or drains (weight 0): the client is chosen a new one.</summary>
    Gone,
}
