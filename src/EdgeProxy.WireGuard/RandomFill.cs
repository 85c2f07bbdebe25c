namespace EdgeProxy.WireGuard;

/// <summary>Fills with randomness fit for keys; may be called from several threads at once.</summary>
public delegate void RandomFill(Span<byte> bytes);
