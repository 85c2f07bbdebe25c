namespace EdgeProxy.DataPlane;

/// <summary>
/// States of a connection slot:
/// Free → Header → Connecting → Relaying → Closing → Free, where Header is skipped when no PROXY header is read,
/// Relaying may pass through Resetting, and every state may go to Closing.
/// </summary>
internal enum ConnectionState : byte
{
    Free,

    /// <summary>Waiting for the client's PROXY header.</summary>
    Header,

    /// <summary>
    /// A backend has been chosen and is being connected to, or a descriptor for that is awaited; the client's first
    /// bytes may be waiting.
    /// </summary>
    Connecting,

    Relaying,

    /// <summary>One side was reset; what it had sent is still on its way, then the other is reset too.</summary>
    Resetting,

    /// <summary>Decided; waits for the operations still in flight.</summary>
    Closing,
}
