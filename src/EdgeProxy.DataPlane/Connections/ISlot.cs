namespace EdgeProxy.DataPlane;

/// <summary>What a <see cref="SlotPool{T}"/> asks of its slots.</summary>
internal interface ISlot
{
    /// <summary>The next free slot; of no meaning while the slot is in use.</summary>
    int NextFree { get; set; }
}
