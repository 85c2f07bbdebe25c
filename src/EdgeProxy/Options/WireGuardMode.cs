namespace EdgeProxy;

/// <summary>What carries the packets of the WireGuard backhaul.</summary>
internal enum WireGuardMode
{
    Off,

    /// <summary>The kernel's device where it has one and the right is held, else the built-in engine.</summary>
    Auto,
    Kernel,
    Builtin,
}
