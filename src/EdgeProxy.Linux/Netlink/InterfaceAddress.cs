namespace EdgeProxy.Linux;

/// <summary>An address of an interface.</summary>
public readonly record struct InterfaceAddress(int LinkIndex, NetworkPrefix Prefix);
