using System.Globalization;
using EdgeProxy.Routing;

namespace EdgeProxy;

/// <summary>
/// Reads a wg-quick file. What this program has no use for (PostUp, DNS, Table …) is named in a warning and never acted
/// on; a value that is wrong is a problem with its line. Peers are named by a comment <c># name = …</c> in their
/// section, or by a comment just above it.
/// </summary>
internal sealed class WgQuickReader
{
    private const int NameLengthMax = 64;

    private static readonly string[] s_commands = ["preup", "postup", "predown", "postdown"];

    private readonly List<string> _warnings = [];
    private readonly List<string> _problems = [];
    private readonly List<WgQuickPeer> _peers = [];
    private readonly List<TunnelAddress> _addresses = [];
    private readonly List<IpPrefix> _allowedIps = [];
    private readonly WgQuickFile _file = new();
    private WgQuickPeer? _peer;
    private bool _hasKey;
    private bool _inInterface;
    private string _commentAbove = "";
    private int _line;

    private WgQuickReader()
    {
    }

    /// <param name="text">The whole file.</param>
    /// <param name="warnings">What is not taken over, each with its line.</param>
    /// <param name="problems">What is wrong, each with its line.</param>
    public static WgQuickFile Read(ReadOnlySpan<char> text, out IReadOnlyList<string> warnings,
        out IReadOnlyList<string> problems)
    {
        WgQuickReader reader = new();
        foreach (ReadOnlySpan<char> line in text.EnumerateLines()) { reader.ReadLine(line); }
        reader.EndPeer();
        warnings = reader._warnings;
        problems = reader._problems;
        reader._file.Addresses = reader._addresses;
        reader._file.Peers = reader._peers;
        return reader._file;
    }

    private void ReadLine(ReadOnlySpan<char> line)
    {
        _line++;
        int hash = line.IndexOf('#');
        ReadOnlySpan<char> comment = hash < 0 ? default : line[(hash + 1)..].Trim();
        ReadOnlySpan<char> content = (hash < 0 ? line : line[..hash]).Trim();
        if (content.IsEmpty)
        {
            if (!comment.IsEmpty) { ReadComment(comment); }
            else { _commentAbove = ""; }
            return;
        }

        if (content[0] == '[') { BeginSection(content); }
        else { ReadSetting(content); }
        _commentAbove = "";
    }

    private void ReadComment(ReadOnlySpan<char> comment)
    {
        int equals = comment.IndexOf('=');
        if (_peer is not null && equals > 0)
        {
            ReadOnlySpan<char> key = comment[..equals].Trim();
            ReadOnlySpan<char> value = comment[(equals + 1)..].Trim();
            if (key.Equals("name", StringComparison.OrdinalIgnoreCase))
            {
                _peer.Name = Plain(value);
                return;
            }

            if (key.Equals("region", StringComparison.OrdinalIgnoreCase))
            {
                _peer.Region = Plain(value) is { Length: > 0 } region ? region : null;
                return;
            }
        }

        _commentAbove = equals < 0 ? Plain(comment) : "";
    }

    private void BeginSection(ReadOnlySpan<char> header)
    {
        EndPeer();
        _inInterface = header.Equals("[Interface]", StringComparison.OrdinalIgnoreCase);
        if (header.Equals("[Peer]", StringComparison.OrdinalIgnoreCase))
        {
            _peer = new WgQuickPeer { Name = _commentAbove, Line = _line };
        }
        else if (!_inInterface)
        {
            Problem($"'{Plain(header)}' is no section of a wg-quick file; there are [Interface] and [Peer]");
        }
    }

    private void EndPeer()
    {
        if (_peer is not null)
        {
            _peer.AllowedIps = [.. _allowedIps];
            if (_hasKey) { _peers.Add(_peer); }
            else { _problems.Add($"line {_peer.Line}: this peer has no PublicKey; without it there is no peer"); }
        }

        _peer = null;
        _hasKey = false;
        _allowedIps.Clear();
    }

    private void ReadSetting(ReadOnlySpan<char> content)
    {
        int equals = content.IndexOf('=');
        if (equals <= 0)
        {
            Problem("is no 'Key = value'");
            return;
        }

        string key = content[..equals].TrimEnd().ToString();
        ReadOnlySpan<char> value = content[(equals + 1)..].TrimStart();
        bool taken = _peer is not null ? TakeOfPeer(key.ToLowerInvariant(), value)
            : _inInterface && TakeOfInterface(key.ToLowerInvariant(), value);
        if (taken) { return; }
        _warnings.Add(Array.IndexOf(s_commands, key.ToLowerInvariant()) >= 0
            ? $"line {_line}: {Plain(key)} is a command and is not executed; do by hand what is still needed of it"
            : $"line {_line}: {Plain(key)} is not taken over");
    }

    private bool TakeOfInterface(string key, ReadOnlySpan<char> value)
    {
        switch (key)
        {
            case "privatekey":
                _file.PrivateKey?.Wipe();
                _file.PrivateKey = SecretKey.Parse(value);
                if (_file.PrivateKey is null) { Problem("PrivateKey is no key"); }
                return true;
            case "listenport":
                if (!ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
                {
                    Problem("ListenPort is no port");
                }

                _file.ListenPort = port;
                return true;
            case "mtu":
                if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int mtu))
                {
                    Problem("MTU is no number");
                }

                _file.Mtu = mtu;
                return true;
            case "address":
                foreach (Range part in value.Split(','))
                {
                    bool good = TunnelAddress.TryParse(value[part].Trim(), out TunnelAddress address);
                    if (good) { _addresses.Add(address); }
                    else { Problem($"Address holds '{Plain(value[part])}', which is no address with a length"); }
                }

                return true;
            default:
                return false;
        }
    }

    private bool TakeOfPeer(string key, ReadOnlySpan<char> value)
    {
        switch (key)
        {
            case "publickey":
                _hasKey = PeerKey.TryParse(value, out PeerKey publicKey) && !publicKey.IsZero;
                _peer!.PublicKey = publicKey;
                if (!_hasKey) { Problem("PublicKey is no key"); }
                return true;
            case "presharedkey":
                _peer!.PresharedKey?.Wipe();
                _peer.PresharedKey = SecretKey.Parse(value);
                if (_peer.PresharedKey is null) { Problem("PresharedKey is no key"); }
                return true;
            case "endpoint":
                bool isEndpoint = PeerEndpoint.TryParse(value, out PeerEndpoint endpoint);
                _peer!.Endpoint = isEndpoint ? endpoint : null;
                if (!isEndpoint) { Problem($"Endpoint '{Plain(value)}' is no address or name with a port"); }
                return true;
            case "persistentkeepalive":
                TakeKeepalive(value);
                return true;
            case "allowedips":
                foreach (Range part in value.Split(','))
                {
                    if (value[part].Trim().IsEmpty) { continue; }
                    bool good = TunnelAddress.TryParse(value[part].Trim(), out TunnelAddress block);
                    if (good) { _allowedIps.Add(block.Network); }
                    else { Problem($"AllowedIPs holds '{Plain(value[part])}', which is no CIDR block"); }
                }

                return true;
            default:
                return false;
        }
    }

    private void TakeKeepalive(ReadOnlySpan<char> value)
    {
        ushort seconds = 0;
        if (value.Equals("off", StringComparison.OrdinalIgnoreCase)
            || ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out seconds))
        {
            _peer!.KeepaliveSeconds = seconds;
        }
        else
        {
            Problem("PersistentKeepalive is neither off nor seconds up to 65535");
        }
    }

    private void Problem(string what) => _problems.Add($"line {_line}: {what}");

    /// <summary>Text as a name may be: short, on one line, without control characters.</summary>
    private static string Plain(ReadOnlySpan<char> text)
    {
        Span<char> plain = stackalloc char[NameLengthMax];
        int length = 0;
        foreach (char c in text.Trim()[..Math.Min(text.Trim().Length, NameLengthMax)])
        {
            if (char.IsAscii(c) && !char.IsControl(c)) { plain[length++] = c; }
        }

        return new string(plain[..length].Trim());
    }
}
