namespace EdgeProxy.Testing;

/// <summary>A caller of the seam, or an implementation of it, broke one of its rules.</summary>
public sealed class ContractException(string what) : Exception(what);
