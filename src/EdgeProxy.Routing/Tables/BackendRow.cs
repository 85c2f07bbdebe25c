namespace EdgeProxy.Routing;

/// <summary>
/// A row of <c>backends</c> as read, before any judgement. Texts are UTF-8 and only borrowed, so a million rows stream
/// by without a string each; numbers keep the width the file gives them, so that nonsense is seen and not wrapped.
/// </summary>
public readonly ref struct BackendRow
{
    public ReadOnlySpan<byte> Id { get; init; }

    public ReadOnlySpan<byte> App { get; init; }

    public ReadOnlySpan<byte> Region { get; init; }

    /// <summary>Two letters; empty when the column is missing or NULL: then the region's default country.</summary>
    public ReadOnlySpan<byte> Country { get; init; }

    public ReadOnlySpan<byte> WgIp { get; init; }

    public long Port { get; init; }

    public bool Healthy { get; init; }

    /// <summary>0 takes no new clients.</summary>
    public long Weight { get; init; }

    /// <summary>0 counts as 1.</summary>
    public long SoftLimit { get; init; }

    /// <summary>0 is no limit.</summary>
    public long HardLimit { get; init; }

    /// <summary>The row counts as not there.</summary>
    public bool Deleted { get; init; }
}
