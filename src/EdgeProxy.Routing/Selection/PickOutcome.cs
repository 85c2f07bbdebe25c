namespace EdgeProxy.Routing;

/// <summary>How a pick ended.</summary>
public enum PickOutcome : byte
{
    /// <summary>A backend was found and a seat on it is reserved.</summary>
    Chosen,

    /// <summary>The table has no such app.</summary>
    NoApp,

    /// <summary>The app has no backends.</summary>
    NoBackend,

    /// <summary>The app has backends, but none is both healthy and open to new clients.</summary>
    NoHealthyBackend,

    /// <summary>Every backend that could take the client is at its hard limit.</summary>
    BackendsFull,

    /// <summary>The app requires the bound backend, and that one cannot take the client.</summary>
    BindingUnavailable,

    /// <summary>Every backend that could take the client was tried by this connection.</summary>
    Exhausted,
}
