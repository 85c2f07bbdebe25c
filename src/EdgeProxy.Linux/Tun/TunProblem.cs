namespace EdgeProxy.Linux;

/// <summary>Why a TUN could not be opened: each has another cure.</summary>
public enum TunProblem
{
    None,

    /// <summary>
    /// /dev/net/tun is not there or leads to no driver (ENOENT, ENXIO, ENODEV): the module is not loaded, or a
    /// container was not given the device.
    /// </summary>
    NoDevice,

    /// <summary>/dev/net/tun may not be opened, or CAP_NET_ADMIN is missing (EACCES, EPERM).</summary>
    NoRight,

    /// <summary>Another process holds an interface of this name (EBUSY).</summary>
    NameTaken,

    /// <summary>
    /// An interface of this name exists and is not a TUN, or one with other flags, or the name is none (EINVAL).
    /// </summary>
    NameUnusable,

    /// <summary>Anything else: descriptors, memory, a kernel without packet headers.</summary>
    Other,
}
