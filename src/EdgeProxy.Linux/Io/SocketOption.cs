namespace EdgeProxy.Linux;

/// <summary>The socket options a loop sets on a connection (tcp(7), socket(7)); values are plain integers.</summary>
public enum SocketOption : byte
{
    /// <summary>TCP_NODELAY: 1 sends at once.</summary>
    NoDelay,

    /// <summary>SO_KEEPALIVE: 1 probes an idle peer.</summary>
    KeepAlive,

    /// <summary>TCP_KEEPIDLE: idle seconds before the first probe.</summary>
    KeepAliveIdleSeconds,

    /// <summary>TCP_KEEPINTVL: seconds between probes.</summary>
    KeepAliveIntervalSeconds,

    /// <summary>TCP_KEEPCNT: probes unanswered before the connection is dropped.</summary>
    KeepAliveProbes,

    /// <summary>SO_RCVLOWAT: bytes that must wait before the socket counts as readable.</summary>
    ReceiveLowWaterBytes,

    /// <summary>TCP_FASTOPEN_CONNECT: 1 lets the first write ride on the SYN (Linux 4.11).</summary>
    FastOpenConnect,
}
