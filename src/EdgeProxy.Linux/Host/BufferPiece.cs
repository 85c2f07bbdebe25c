namespace EdgeProxy.Linux;

/// <summary>Bytes of a <see cref="NativeBuffer"/>.</summary>
public readonly record struct BufferPiece(int Offset, int Length);
