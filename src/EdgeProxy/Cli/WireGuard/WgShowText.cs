using System.Globalization;
using System.Text.Json;
using EdgeProxy.Routing;

namespace EdgeProxy;

/// <summary>A device in the words and the order of `wg show`.</summary>
/// <param name="name">The interface.</param>
/// <param name="state">What it says of itself.</param>
/// <param name="publicKey">Null without a private key.</param>
/// <param name="names">Names of peers, where they are known.</param>
/// <param name="now">For ages.</param>
internal sealed class WgShowText(
    string name, TunnelState state, PeerKey? publicKey, IReadOnlyDictionary<PeerKey, string> names, DateTimeOffset now)
{
    private const long NsPerSecond = 1_000_000_000;
    private const long Kibi = 1024;

    public void Write(Terminal terminal)
    {
        TextWriter output = terminal.Out;
        output.WriteLine($"{terminal.Good("interface")}: {terminal.Good(name)}");
        if (publicKey is { } key)
        {
            output.WriteLine($"  {terminal.Strong("public key")}: {key}");
            output.WriteLine($"  {terminal.Strong("private key")}: (hidden)");
        }

        if (state.ListenPort != 0) { output.WriteLine(Line(terminal, "listening port", state.ListenPort)); }
        if (state.Mark != 0) { output.WriteLine($"  {terminal.Strong("fwmark")}: 0x{state.Mark:x}"); }
        foreach (TunnelPeerState peer in InOrder()) { Write(terminal, peer); }
    }

    public void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("interface", name);
        json.WriteString("public_key", publicKey?.ToString());
        json.WriteNumber("listen_port", state.ListenPort);
        json.WriteNumber("fwmark", state.Mark);
        json.WriteStartArray("peers");
        foreach (TunnelPeerState peer in InOrder())
        {
            json.WriteStartObject();
            json.WriteString("public_key", peer.PublicKey.ToString());
            json.WriteString("name", names.GetValueOrDefault(peer.PublicKey));
            json.WriteBoolean("preshared_key", peer.PresharedKey is not null);
            json.WriteString("endpoint", peer.Endpoint?.ToString());
            json.WriteStartArray("allowed_ips");
            foreach (IpPrefix block in peer.AllowedIps) { json.WriteStringValue(block.ToString()); }
            json.WriteEndArray();
            json.WriteNumber("latest_handshake", peer.HandshakeUnixNs / NsPerSecond);
            json.WriteNumber("received_bytes", peer.ReceivedBytes);
            json.WriteNumber("sent_bytes", peer.SentBytes);
            json.WriteNumber("persistent_keepalive", peer.KeepaliveSeconds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The one heard of last comes first, and those never heard of come last.</summary>
    private List<TunnelPeerState> InOrder()
    {
        List<TunnelPeerState> ordered = [];
        foreach (TunnelPeerState peer in state.Peers)
        {
            int at = ordered.Count;
            while (at > 0 && ordered[at - 1].HandshakeUnixNs < peer.HandshakeUnixNs) { at--; }
            ordered.Insert(at, peer);
        }

        return ordered;
    }

    private void Write(Terminal terminal, TunnelPeerState peer)
    {
        TextWriter output = terminal.Out;
        output.WriteLine();
        output.WriteLine($"{terminal.Warning("peer")}: {terminal.Warning(peer.PublicKey.ToString())}");
        if (names.TryGetValue(peer.PublicKey,
            out string? known)) { output.WriteLine($"  {terminal.Strong("name")}: {known}"); }
        if (peer.PresharedKey is not null) { output.WriteLine($"  {terminal.Strong("preshared key")}: (hidden)"); }
        if (peer.Endpoint is { } endpoint) { output.WriteLine($"  {terminal.Strong("endpoint")}: {endpoint}"); }
        string blocks = peer.AllowedIps.Count == 0 ? "(none)" : string.Join(", ", peer.AllowedIps);
        output.WriteLine($"  {terminal.Strong("allowed ips")}: {blocks}");
        if (peer.HandshakeUnixNs != 0)
        {
            output.WriteLine($"  {terminal.Strong("latest handshake")}: {Ago(peer.HandshakeUnixNs / NsPerSecond)}");
        }
        if (peer.ReceivedBytes != 0 || peer.SentBytes != 0)
        {
            output.WriteLine($"  {terminal.Strong("transfer")}: {Size(peer.ReceivedBytes)} received, "
                + $"{Size(peer.SentBytes)} sent");
        }

        if (peer.KeepaliveSeconds != 0)
        {
            output.WriteLine($"  {terminal.Strong("persistent keepalive")}: every {Span(peer.KeepaliveSeconds)}");
        }
    }

    private static string Line(Terminal terminal, string label, long value) =>
        string.Create(CultureInfo.InvariantCulture, $"  {terminal.Strong(label)}: {value}");

    private string Ago(long unixSeconds)
    {
        long seconds = now.ToUnixTimeSeconds() - unixSeconds;
        return seconds switch
        {
            0 => "Now",
            < 0 => "(System clock wound backward; connection problems may ensue.)",
            _ => $"{Span(seconds)} ago",
        };
    }

    /// <summary>"1 day, 2 hours, 5 seconds": every unit that counts.</summary>
    private static string Span(long seconds)
    {
        const long minute = 60, hour = 60 * minute, day = 24 * hour, year = 365 * day;
        List<string> parts = [];
        AddCount(parts, seconds / year, "year");
        AddCount(parts, seconds % year / day, "day");
        AddCount(parts, seconds % day / hour, "hour");
        AddCount(parts, seconds % hour / minute, "minute");
        AddCount(parts, seconds % minute, "second");
        return string.Join(", ", parts);
    }

    private static void AddCount(List<string> parts, long count, string unit)
    {
        if (count == 0) { return; }
        parts.Add(count.ToString(CultureInfo.InvariantCulture) + " " + (count == 1 ? unit : unit + "s"));
    }

    private static string Size(long bytes)
    {
        if (bytes < Kibi) { return string.Create(CultureInfo.InvariantCulture, $"{bytes} B"); }
        double size = bytes;
        string[] units = ["KiB", "MiB", "GiB", "TiB"];
        int unit = -1;
        do { size /= Kibi; }
        while (++unit < units.Length - 1 && size >= Kibi);
        return string.Create(CultureInfo.InvariantCulture, $"{size:0.00} {units[unit]}");
    }
}
