namespace EdgeProxy;

/// <summary>When a kernel setting is as good as the recommended one.</summary>
internal enum SysctlComparison
{
    AtLeast,
    AtMost,
    Exactly,

    /// <summary>The bits of the recommended value are set.</summary>
    Bits,

    /// <summary>Two numbers that reach at least as far down and up.</summary>
    Range,
}
