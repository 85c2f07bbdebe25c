namespace EdgeProxy.Routing;

/// <summary>Why a client would go where it would go now: what the picking code sees, in plain values.</summary>
public sealed class Explanation
{
    /// <summary>The table it was asked of.</summary>
    public required long TableVersion { get; init; }

    /// <summary>The app's name.</summary>
    public required string App { get; init; }

    /// <summary>The client asked about.</summary>
    public required IpAddress Client { get; init; }

    /// <summary>Where the client is.</summary>
    public required ClientPlace Place { get; init; }

    /// <summary>The name of the client's region; empty if it has none.</summary>
    public required string Region { get; init; }

    /// <summary>The name of this POP's region.</summary>
    public required string PopRegion { get; init; }

    /// <summary>What the pick would end with.</summary>
    public required PickOutcome Outcome { get; init; }

    /// <summary>What the client's binding says.</summary>
    public required BindingState Binding { get; init; }

    /// <summary>The id of the bound backend; empty without one.</summary>
    public required string BoundId { get; init; }

    /// <summary>The most likely backend's place in <see cref="Candidates"/>; -1 if the client gets none.</summary>
    public required int Winner { get; init; }

    /// <summary>The app's backends: those that take clients by score, then the excluded.</summary>
    public required IReadOnlyList<Candidate> Candidates { get; init; }

    /// <summary>How many there are, also when not all are listed.</summary>
    public required int CandidatesTotal { get; init; }
}
