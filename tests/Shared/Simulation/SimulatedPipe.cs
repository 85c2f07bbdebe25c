namespace EdgeProxy.Testing;

/// <summary>A pipe: bounded, in order, gone when both ends are closed.</summary>
internal sealed class SimulatedPipe(int capacityBytes)
{
    public ByteQueue Content { get; } = new();

    public int Room => capacityBytes - Content.Count;
}
