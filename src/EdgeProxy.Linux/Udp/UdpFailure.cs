namespace EdgeProxy.Linux;

/// <summary>
/// Why something added to a <see cref="UdpSendBatch"/> did not leave. What the caller can do: EMSGSIZE, the packet is
/// larger than the path takes; EINVAL (IPv6) and ENETUNREACH (IPv4) when a source was given, it is no longer
/// ours, send without one; ENETUNREACH, EHOSTUNREACH, EPERM otherwise, no route or a firewall; ENOBUFS, ENOMEM, dropped
/// for want of memory.
/// </summary>
/// <param name="Tag">What the caller gave to <see cref="UdpSendBatch.TryAdd"/>.</param>
/// <param name="Error">What the kernel said.</param>
public readonly record struct UdpFailure(int Tag, Errno Error);
