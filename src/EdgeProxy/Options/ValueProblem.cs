namespace EdgeProxy;

/// <summary>Why a text is no value of a setting.</summary>
internal sealed class ValueProblem(string problem, string cure)
{
    /// <summary>Completes "'text' …": "is not a whole number in range".</summary>
    public string Problem { get; } = problem;

    /// <summary>What to write instead, as a sentence.</summary>
    public string Cure { get; } = cure;
}
