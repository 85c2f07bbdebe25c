namespace EdgeProxy.Routing;

/// <summary>What looking for a key in a file came to.</summary>
/// <param name="Key">Null when there is a problem.</param>
/// <param name="Problem">What is wrong with the file, as a clause.</param>
/// <param name="Cure">What to do.</param>
public readonly record struct KeyRead(SecretKey? Key, string Problem, string Cure);
