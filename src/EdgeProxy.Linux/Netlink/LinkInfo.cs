namespace EdgeProxy.Linux;

/// <summary>A network interface.</summary>
/// <param name="Index">What addresses and routes name it by.</param>
/// <param name="Name">What people do.</param>
/// <param name="Kind">Of a virtual one: "tun", "wireguard"; empty otherwise.</param>
/// <param name="Mtu">In bytes.</param>
/// <param name="IsUp">By its administrator.</param>
public readonly record struct LinkInfo(int Index, string Name, string Kind, int Mtu, bool IsUp);
