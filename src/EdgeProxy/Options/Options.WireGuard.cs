namespace EdgeProxy;

internal sealed partial class Options
{
    private const int InterfaceNameMax = 15; // IFNAMSIZ (linux/if.h) less its NUL.

    public ChoiceSetting<WireGuardMode> WireGuard { get; } = new("WIREGUARD", "off",
        ["off", "auto", "kernel", "builtin"],
        [WireGuardMode.Off, WireGuardMode.Auto, WireGuardMode.Kernel, WireGuardMode.Builtin],
        "Whether this host joins the backhaul, and what carries its packets: the kernel's device, the engine in "
        + "this program, "
        + "or the better of those there are. Peers are rows of `peers` in routing.db.");

    public TunnelAddressListSetting WireGuardAddress { get; } = new("WIREGUARD_ADDRESS", "",
        "This host's addresses inside the tunnel, each with the length of the network that is reached through it.")
    {
        DefaultMeans = "none; needed when WIREGUARD is on",
    };

    public IntegerSetting WireGuardListenPort { get; } = new("WIREGUARD_LISTEN_PORT", "51820", 0, 65_535, "a UDP port",
        "Where peers reach this host; 0 takes any free one, for a host that only calls others.");

    public TextSetting WireGuardKeyFile { get; } = new("WIREGUARD_KEY_FILE", "", "path of a file",
        "This host's private key, one line of base64. Made on the first start; a file that others than its owner "
        + "may read is "
        + "refused.")
    {
        DefaultMeans = "wireguard.key in the state directory",
    };

    public TextSetting WireGuardInterface { get; } =
        new("WIREGUARD_INTERFACE", "edgeproxy0", "name of a network interface",
        "What the tunnel's interface is called. One that exists and is not this program's is left alone, and then "
        + "the tunnel "
        + "does not start.")
    {
        Check = static name => IsInterfaceName(name)
            ? null
            : new ValueProblem("is no name of an interface",
                $"Give 1 to {InterfaceNameMax} letters, digits or any of _=+.-"),
    };

    public IntegerSetting WireGuardMtu { get; } = new("WIREGUARD_MTU", "1420", 1280, 9000, "bytes",
        "Largest packet inside the tunnel. 1420 fits wherever a packet of 1,500 bytes does, over IPv4 and IPv6.");

    /// <summary>What `wg` takes for a name, less "." and "..", which would be directories.</summary>
    internal static bool IsInterfaceName(string name)
    {
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '=' or '+' or '.' or '-')) { return false; }
        }

        return name.Length is > 0 and <= InterfaceNameMax && name is not ("." or "..");
    }
}
