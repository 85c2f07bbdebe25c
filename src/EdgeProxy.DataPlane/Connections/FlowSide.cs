namespace EdgeProxy.DataPlane;

/// <summary>The two directions of a connection.</summary>
internal enum FlowSide : byte
{
    /// <summary>Client to backend.</summary>
    Upload,

    /// <summary>Backend to client.</summary>
    Download,
}
