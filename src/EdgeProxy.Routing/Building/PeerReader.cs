using System.Globalization;

namespace EdgeProxy.Routing;

/// <summary>Turns a row of <c>peers</c> into a peer, or into the first thing that is wrong with it.</summary>
internal sealed class PeerReader(PeerRow row, PeerRules rules)
{
    public const string Table = "peers";

    private const int AllowedIpsMax = 1_024;

    /// <summary>
    /// Widest blocks a peer may have: as wide as the largest private networks (10.0.0.0/8, fd00::/8), else a /16 of
    /// IPv6.
    /// </summary>
    private const int BitsLeastV4 = 96 + 8;
    private const int BitsLeastV6 = 16;

    private static readonly IpPrefix s_uniqueLocal = Parse("fd00::/8");
    private static readonly IpPrefix s_mapped = Parse("::ffff:0:0/96");

    private static readonly (IpPrefix Block, string Name)[] s_refused =
    [
        (Parse("0.0.0.0/8"), "unspecified addresses"),
        (Parse("127.0.0.0/8"), "loopback addresses"),
        (Parse("169.254.0.0/16"), "link-local or metadata addresses"),
        (Parse("224.0.0.0/3"), "multicast or reserved addresses"),
        (Parse("::/127"), "the unspecified and loopback addresses"),
        (Parse("fe80::/10"), "link-local addresses"),
        (Parse("ff00::/8"), "multicast addresses"),
    ];

    private RowProblem? _problem;

    public static RowProblem Problem(string row, string column, string? value, string problem, string cure) =>
        new(Table, ProblemList.Shown(row), column, ProblemList.Shown(value), problem, cure);

    /// <summary>Null with a problem, or the peer and none.</summary>
    public TunnelPeer? Read(out RowProblem? problem)
    {
        CheckName("name", row.Name);
        if (!string.IsNullOrEmpty(row.Region)) { CheckName("region", row.Region); }
        TunnelPeer peer = new()
        {
            Name = row.Name,
            Region = row.Region ?? "",
            PublicKey = ReadKey(),
            Endpoint = ReadEndpoint(),
            AllowedIps = ReadAllowedIps(),
            KeepaliveSeconds = ReadKeepalive(),
            PresharedKey = _problem is null ? ReadPresharedKey() : null, // A file is opened for a good row only.
        };
        if (_problem is null) { CheckEndpoint(peer); }
        problem = _problem;
        return problem is null ? peer : null;
    }

    private void CheckName(string column, string value)
    {
        if (NameRule.FaultOf(value, NameRule.NameBytesMax) is { } fault)
        {
            Blame(column, value, fault, "give a short visible name");
        }
    }

    private PeerKey ReadKey()
    {
        if (!PeerKey.TryParse(row.PublicKey, out PeerKey key) || key.IsZero)
        {
            Blame("public_key", row.PublicKey, "is not a public key",
                "store the 44 characters that `edgeproxy wg pubkey` prints on the peer's host");
        }
        else if (rules.IsOwnKey(key))
        {
            Blame("public_key", row.PublicKey, "is this host's own key",
                "set enabled = 0 in the row on this host, or remove it");
        }

        return key;
    }

    private PeerEndpoint? ReadEndpoint()
    {
        if (string.IsNullOrEmpty(row.Endpoint)) { return null; }
        if (!PeerEndpoint.TryParse(row.Endpoint, out PeerEndpoint endpoint))
        {
            Blame("endpoint", row.Endpoint, "is not an address or host name with a port",
                "write 203.0.113.7:51820, [2001:db8::7]:51820 or gru.example.net:51820; NULL for a peer that calls "
                    + "this host");
        }
        else if (!endpoint.IsName && PeerEndpoint.FaultOf(endpoint.Address) is { } fault)
        {
            Blame("endpoint", row.Endpoint, fault, "store the address the peer's host has on the network");
        }

        return endpoint;
    }

    private IpPrefix[] ReadAllowedIps()
    {
        string[] parts =
            (row.AllowedIps ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > AllowedIpsMax)
        {
            Blame("allowed_ips", row.AllowedIps, $"holds {parts.Length} blocks, {AllowedIpsMax} is the most",
                "merge blocks");
            return [];
        }

        List<IpPrefix> blocks = [];
        foreach (string part in parts)
        {
            if (!IpPrefix.TryParse(part, out IpPrefix block))
            {
                Blame("allowed_ips", row.AllowedIps, $"holds '{ProblemList.Shown(part)}', which is not a CIDR block",
                    "write 10.50.1.0/24 or fd00:50:1::/48, comma-separated, with no bits set beyond the length");
                return [];
            }

            if (!CheckBlock(part, block)) { return []; }
            blocks.Add(block);
        }

        return WithoutNested(blocks);
    }

    private bool CheckBlock(string part, in IpPrefix block)
    {
        bool v4 = block.Address.IsIPv4 && block.Bits >= s_mapped.Bits;
        if (v4 ? part.Contains(':', StringComparison.Ordinal) : block.Contains(s_mapped.Address)
            && block.Bits >= BitsLeastV6)
        {
            return Blame("allowed_ips", row.AllowedIps, $"holds '{part}', an IPv4 block in IPv6 form",
                "write it as IPv4");
        }

        if (block.Bits < (v4 ? BitsLeastV4 : BitsLeastV6) && block != s_uniqueLocal)
        {
            return Blame("allowed_ips", row.AllowedIps, $"holds '{part}', which takes in more than a backhaul may",
                "name the networks behind the peer: an IPv4 block has a length of 8 or more, an IPv6 block of 16 or "
                    + "more, or is fd00::/8");
        }

        foreach ((IpPrefix refused, string name) in s_refused)
        {
            if (refused.Contains(block.Address) || block.Contains(refused.Address))
            {
                return Blame("allowed_ips", row.AllowedIps, $"holds '{part}': {name} are never behind a peer",
                    "remove the block");
            }
        }

        foreach (TunnelAddress own in rules.OwnAddresses)
        {
            if (block.Bits == 128 && block.Address == own.Address)
            {
                return Blame("allowed_ips", row.AllowedIps, $"holds '{part}', this host's own address in the tunnel",
                    "give the peer an address of its own, or change EDGEPROXY_WIREGUARD_ADDRESS");
            }
        }

        return true;
    }

    /// <summary>A block inside another of the same peer adds nothing.</summary>
    private static IpPrefix[] WithoutNested(List<IpPrefix> blocks)
    {
        blocks.Sort(static (one, other) => one.Address == other.Address
            ? one.Bits.CompareTo(other.Bits)
            : one.Address.CompareTo(other.Address));
        List<IpPrefix> kept = [];
        foreach (IpPrefix block in blocks)
        {
            if (kept.Count == 0 || !kept[^1].Contains(block.Address)) { kept.Add(block); }
        }

        return [.. kept];
    }

    private int ReadKeepalive()
    {
        if (row.Keepalive is null or (>= 0 and <= ushort.MaxValue)) { return (int)(row.Keepalive ?? 0); }
        Blame("keepalive", row.Keepalive.Value.ToString(CultureInfo.InvariantCulture), "is out of range",
            "store seconds from 1 to 65535 (25 behind NAT), or 0 for none");
        return 0;
    }

    private SecretKey? ReadPresharedKey()
    {
        if (string.IsNullOrEmpty(row.PresharedKeyFile) || rules.ReadPresharedKey is null) { return null; }
        KeyRead read = rules.ReadPresharedKey(row.PresharedKeyFile);
        if (read.Key is null) { Blame("preshared_key_file", row.PresharedKeyFile, read.Problem, read.Cure); }
        return read.Key;
    }

    private void CheckEndpoint(TunnelPeer peer)
    {
        if (peer.Endpoint is not { IsName: false } endpoint) { return; }
        foreach (IpPrefix block in peer.AllowedIps)
        {
            if (!block.Contains(endpoint.Address)) { continue; }
            Blame("endpoint", row.Endpoint,
                $"lies in {block} of its own allowed_ips, so the tunnel would lead into itself",
                "store the address the peer's host has outside the tunnel");
            return;
        }
    }

    /// <returns>False.</returns>
    private bool Blame(string column, string? value, string problem, string cure)
    {
        _problem ??= Problem(row.Name, column, value, problem, cure);
        return false;
    }

    private static IpPrefix Parse(string text)
    {
        Invariant.Holds(IpPrefix.TryParse(text, out IpPrefix prefix));
        return prefix;
    }
}
