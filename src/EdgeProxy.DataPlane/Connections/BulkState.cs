namespace EdgeProxy.DataPlane;

/// <summary>How a flow moves its bytes.</summary>
internal enum BulkState : byte
{
    /// <summary>Through buffers: received, then sent.</summary>
    Copying,

    /// <summary>A pipe is wanted; buffers and the receive in flight must empty first.</summary>
    Switching,

    /// <summary>Through a pipe, by splice(2).</summary>
    Splicing,
}
