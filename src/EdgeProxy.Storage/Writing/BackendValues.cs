namespace EdgeProxy.Storage;

/// <summary>
/// What to write to a row of <c>backends</c>: null leaves a value as it is, or takes its default in a new row.
/// </summary>
public readonly struct BackendValues
{
    /// <summary>New row: "default".</summary>
    public string? App { get; init; }

    /// <summary>Needed in a new row.</summary>
    public string? Region { get; init; }

    /// <summary>Two letters; empty stands for the region's default country.</summary>
    public string? Country { get; init; }

    /// <summary>IPv4 or IPv6; needed in a new row.</summary>
    public string? Address { get; init; }

    /// <summary>1 to 65535; needed in a new row.</summary>
    public int? Port { get; init; }

    /// <summary>New row: true.</summary>
    public bool? Healthy { get; init; }

    /// <summary>0 to 65535, 0 takes no new clients; new row: 2.</summary>
    public int? Weight { get; init; }

    /// <summary>0 or more, 0 counts as 1; new row: 100.</summary>
    public int? SoftLimit { get; init; }

    /// <summary>0 or more, 0 is no limit; new row: 150.</summary>
    public int? HardLimit { get; init; }
}
