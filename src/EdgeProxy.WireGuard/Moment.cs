namespace EdgeProxy.WireGuard;

/// <summary>The time of a call: everything is measured on the first clock; only handshakes carry the second.</summary>
/// <param name="Ns">A monotonic clock, nanoseconds since whenever.</param>
/// <param name="UnixNs">The wall clock, nanoseconds since 1970 in UTC.</param>
public readonly record struct Moment(long Ns, long UnixNs)
{
    /// <summary>No such time.</summary>
    internal const long Never = long.MinValue;

    /// <summary>A time that never comes.</summary>
    public const long Forever = long.MaxValue;
}
