namespace EdgeProxy.ControlPlane;

/// <summary>What asking a running proxy came to: its answer, or why there is none.</summary>
public sealed class AdminAnswer
{
    /// <summary>The answer, one JSON object as UTF-8; empty when there is a <see cref="Problem"/>.</summary>
    public ReadOnlyMemory<byte> Json { get; init; }

    /// <summary>Why there is no answer, with the cure; null when there is one.</summary>
    public string? Problem { get; init; }

    /// <summary>No proxy listens on the socket: it does not run, or its socket is elsewhere.</summary>
    public bool IsNotRunning { get; init; }
}
