namespace EdgeProxy.Architecture.Tests;

/// <summary>A public type with public members nobody uses, for the fence around the public surface.</summary>
public sealed class PublicOffender
{
    public int Unused { get; set; }

    public void Idle() => Unused = 0;
}
