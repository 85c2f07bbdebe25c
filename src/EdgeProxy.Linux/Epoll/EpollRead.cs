namespace EdgeProxy.Linux;

/// <summary>The operation that waits for a descriptor to become readable.</summary>
internal enum EpollRead : byte
{
    None,
    AcceptOne,
    AcceptMany,
    Receive,
    Poll,
}
