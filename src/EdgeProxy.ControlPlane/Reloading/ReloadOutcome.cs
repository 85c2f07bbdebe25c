namespace EdgeProxy.ControlPlane;

/// <summary>What one look at a file came to; the word is what logs and metrics use.</summary>
internal enum ReloadOutcome : byte
{
    /// <summary>The file changed and everything in it is in use.</summary>
    Applied,

    /// <summary>
    /// The file changed and is in use, except for bad rows, which kept their previous version or were left out.
    /// </summary>
    Partial,

    /// <summary>The file could not be used; what was in use stays.</summary>
    Failed,
}
