using EdgeProxy.Linux;

namespace EdgeProxy.DataPlane;

/// <summary>A pipe and what it holds.</summary>
internal struct Pipe : ISlot
{
    internal Fd Read;
    internal Fd Write;
    internal int Bytes;

    public int NextFree { get; set; }
}
