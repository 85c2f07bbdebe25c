namespace EdgeProxy.Linux;

/// <summary>Takes one message of an answer.</summary>
/// <param name="type">Its type, of the family asked.</param>
/// <param name="body">What follows the netlink header.</param>
internal delegate void NetlinkAnswer(ushort type, ReadOnlySpan<byte> body);
