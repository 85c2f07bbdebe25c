namespace EdgeProxy.ControlPlane;

/// <summary>How much an event matters; the log writes those at or above its own level.</summary>
public enum LogLevel : byte
{
    /// <summary>For finding out why: turned on by the environment variable DEBUG.</summary>
    Debug,

    /// <summary>Something an operator asked for, or wants in the history.</summary>
    Info,

    /// <summary>It works on, but somebody should look.</summary>
    Warn,

    /// <summary>Something does not work; the line carries the cure.</summary>
    Error,
}
