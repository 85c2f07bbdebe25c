namespace EdgeProxy.Fuzz;

/// <summary>What the naive parser says of whole input.</summary>
internal enum NaiveKind
{
    /// <summary>It is cut short, so it says nothing.</summary>
    Undecided,
    Accepted,
    Refused,
}
