namespace EdgeProxy.Routing;

/// <summary>Why a client would go where it would go now: what the picking code sees, in plain values.</summary>
/// <param name="TableVersion">The table it was asked of.</param>
/// <param name="App">The app's name.</param>
/// <param name="Client">The client asked about.</param>
/// <param name="Place">Where the client is.</param>
/// <param name="Region">The name of the client's region; empty if it has none.</param>
/// <param name="PopRegion">The name of this POP's region.</param>
/// <param name="Outcome">What the pick would end with.</param>
/// <param name="Binding">What the client's binding says.</param>
/// <param name="BoundId">The id of the bound backend; empty without one.</param>
/// <param name="Winner">The most likely backend's place in <paramref name="Candidates"/>; -1 if the client gets
/// none.</param>
/// <param name="Candidates">The app's backends: those that take clients by score, then the excluded.</param>
/// <param name="CandidatesTotal">How many there are, also when not all are listed.</param>
public sealed record Explanation(
    long TableVersion,
    string App,
    IpAddress Client,
    ClientPlace Place,
    string Region,
    string PopRegion,
    PickOutcome Outcome,
    BindingState Binding,
    string BoundId,
    int Winner,
    IReadOnlyList<Candidate> Candidates,
    int CandidatesTotal);
