namespace EdgeProxy.Storage;

/// <summary>What a routing.db may hold. A file beyond a bound is refused whole and the table in use stays.</summary>
internal static class StorageLimits
{
    /// <summary>Bytes of one value, and of one row.</summary>
    public const int ValueBytesMax = 1_000_000;

    /// <summary>Rows of <c>backends</c>: four times the size this program is built for.</summary>
    public const int BackendsMax = 4_000_000;

    /// <summary>Rows of <c>apps</c>.</summary>
    public const int AppsMax = 10_000;

    /// <summary>Rows of <c>regions</c>, and of <c>countries</c>.</summary>
    public const int RegionsMax = 1_000;

    /// <summary>Rows of <c>overrides</c>.</summary>
    public const int OverridesMax = 100_000;

    /// <summary>Rows of <c>peers</c>.</summary>
    public const int PeersMax = 10_000;

    /// <summary>
    /// Instructions of SQLite's virtual machine for one load: 250 for each of the most rows there may be.
    /// </summary>
    public const long InstructionsMax = 250L * BackendsMax;

    /// <summary>Time for one load.</summary>
    public const int LoadTimeoutMs = 30_000;

    /// <summary>
    /// Time a reader waits for a writer's commit. Commits are shorter; an open editor is not worth waiting for.
    /// </summary>
    public const int ReaderBusyTimeoutMs = 200;

    /// <summary>Time a writer waits for other writers and for readers.</summary>
    public const int WriterBusyTimeoutMs = 5_000;

    /// <summary>Size of a file worth a copy of its last good state.</summary>
    public const long CopyBytesMax = 1L << 30;
}
