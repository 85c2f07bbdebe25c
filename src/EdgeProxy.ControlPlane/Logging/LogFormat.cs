namespace EdgeProxy.ControlPlane;

/// <summary>How a log line is spelled; both carry the same fields.</summary>
public enum LogFormat : byte
{
    /// <summary><c>key=value key="value with blanks"</c>: made for eyes and grep.</summary>
    Logfmt,

    /// <summary>One JSON object per line (RFC 8259).</summary>
    Json,
}
