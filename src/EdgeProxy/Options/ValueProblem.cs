namespace EdgeProxy;

/// <summary>Why a text is no value of a setting.</summary>
/// <param name="Problem">Completes "'text' …": "is not a whole number in range".</param>
/// <param name="Cure">What to write instead, as a sentence.</param>
internal sealed record ValueProblem(string Problem, string Cure);
