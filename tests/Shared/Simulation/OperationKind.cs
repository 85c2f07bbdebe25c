namespace EdgeProxy.Testing;

/// <summary>The operations of the seam that complete later.</summary>
internal enum OperationKind
{
    Accept,
    Connect,
    Receive,
    Send,
    Poll,
}
