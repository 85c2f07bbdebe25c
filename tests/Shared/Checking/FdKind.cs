namespace EdgeProxy.Testing;

/// <summary>What a descriptor the seam has handed out stands for.</summary>
internal enum FdKind
{
    Listener,
    Stream,
    PipeReadEnd,
    PipeWriteEnd,
}
