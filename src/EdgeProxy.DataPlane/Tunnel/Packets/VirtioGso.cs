namespace EdgeProxy.DataPlane;

/// <summary>
/// How the packet behind a <see cref="VirtioHeader"/> is to be cut (virtio 1.2 §5.1.6, VIRTIO_NET_HDR_GSO_*).
/// </summary>
internal enum VirtioGso : byte
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>TCP over IPv4.</summary>
    Tcp4 = 1,

    /// <summary>TCP over IPv6.</summary>
    Tcp6 = 4,

    /// <summary>UDP datagrams of equal length, either family.</summary>
    Udp = 5,
}
