namespace EdgeProxy.Linux;

/// <summary>The operation that waits for a descriptor to become writable.</summary>
internal enum EpollWrite : byte
{
    None,
    Connect,
    Send,
    Poll,
}
