namespace EdgeProxy.Telemetry;

/// <summary>
/// Why a connection ended: one reason each, and this word (snake_case) is what logs, metrics and
/// docs/reference/close-reasons.md use. A test keeps that page and this enum equal.
/// </summary>
public enum CloseReason : byte
{
    /// <summary>Both sides sent their FIN: the normal end.</summary>
    Finished,

    /// <summary>The client reset the connection; the backend was sent a RST.</summary>
    ClientReset,

    /// <summary>The backend reset the connection; the client was sent a RST.</summary>
    BackendReset,

    /// <summary>The client left before a backend had answered.</summary>
    ClientGone,

    /// <summary>No byte moved either way for the idle timeout.</summary>
    IdleTimeout,

    /// <summary>One side had finished and the other stayed silent for the half-closed timeout.</summary>
    HalfClosedTimeout,

    /// <summary>The connection reached its maximum lifetime.</summary>
    LifetimeReached,

    /// <summary>The app has no backend at all.</summary>
    NoBackend,

    /// <summary>Every backend of the app is unhealthy, deleted or draining.</summary>
    NoHealthyBackend,

    /// <summary>Every backend that could serve is at its hard limit.</summary>
    BackendsFull,

    /// <summary>Affinity is required and the client's backend cannot take it.</summary>
    BindingUnavailable,

    /// <summary>Every attempt to connect failed; the last error is in the log line.</summary>
    ConnectFailed,

    /// <summary>The attempts together exceeded the connect deadline.</summary>
    ConnectDeadline,

    /// <summary>The PROXY protocol header was not valid.</summary>
    ProxyHeaderMalformed,

    /// <summary>A PROXY protocol header is required and something else came.</summary>
    ProxyHeaderMissing,

    /// <summary>The PROXY protocol header did not arrive within its deadline.</summary>
    ProxyHeaderTimeout,

    /// <summary>A PROXY protocol header is required and the peer is not in the trusted list.</summary>
    ProxyHeaderUntrusted,

    /// <summary>The process had no descriptor until the connect deadline, or no buffer or kernel memory.</summary>
    Shortage,

    /// <summary>The shutdown timeout had passed, or the operator closed the connection.</summary>
    Drained,

    /// <summary>The listener's app was removed while the connection was being set up.</summary>
    AppRemoved,
}
