namespace EdgeProxy.Telemetry;

/// <summary>How far a connection had come when it ended; the log line carries it.</summary>
public enum ConnectionPhase : byte
{
    /// <summary>Waiting for the client's PROXY protocol header.</summary>
    Header,

    /// <summary>Choosing a backend.</summary>
    Choosing,

    /// <summary>Connecting to a backend.</summary>
    Connecting,

    /// <summary>Relaying both ways.</summary>
    Relaying,

    /// <summary>One side has finished, the other still sends.</summary>
    HalfClosed,
}
