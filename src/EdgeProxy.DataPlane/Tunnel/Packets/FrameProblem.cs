namespace EdgeProxy.DataPlane;

/// <summary>
/// Why a frame of the TUN is dropped. Only a kernel's bug or a packet forged through a raw socket makes one.
/// </summary>
internal enum FrameProblem
{
    None,

    /// <summary>Shorter than its headers, or no IP packet.</summary>
    NoPacket,

    /// <summary>Cut in a way this program did not ask for.</summary>
    UnknownGso,

    /// <summary>The virtio header names places outside the packet, or contradicts it.</summary>
    BadOffsets,
}
