namespace EdgeProxy.DataPlane;

/// <summary>
/// A token's 64 bits: kind (8), generation of the slot (24), number of the slot (32). The top byte 0xFF belongs to the
/// engines.
/// </summary>
internal static class OperationToken
{
    internal const uint GenerationMask = 0xFF_FFFF;

    internal static ulong Make(OperationKind kind, int index, uint generation) =>
        ((ulong)kind << 56) | ((ulong)(generation & GenerationMask) << 32) | (uint)index;

    internal static OperationKind Kind(ulong token) => (OperationKind)(token >> 56);

    internal static int Index(ulong token) => (int)(uint)token;

    internal static uint Generation(ulong token) => (uint)(token >> 32) & GenerationMask;
}
