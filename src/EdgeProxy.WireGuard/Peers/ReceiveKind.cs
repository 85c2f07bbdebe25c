namespace EdgeProxy.WireGuard;

/// <summary>What is to be done with a datagram that was received.</summary>
public enum ReceiveKind : byte
{
    /// <summary>It was good and there is nothing to do: a keepalive, a cookie.</summary>
    Nothing,

    /// <summary>An inner packet stands in the datagram's own buffer, for the tunnel.</summary>
    Tunnel,

    /// <summary>A message stands in the reply buffer, to be sent to where the datagram came from.</summary>
    Reply,

    /// <summary>Not to be looked at again; counted with its reason.</summary>
    Drop,
}
