using System.Globalization;
using System.Text;
using EdgeProxy.Routing;

namespace EdgeProxy;

/// <summary>Writes a wg-quick file that reads back as the same.</summary>
internal static class WgQuickWriter
{
    /// <param name="file">What to write.</param>
    /// <param name="privateKey">Stands in a comment where there is no private key to write; null for no
    /// comment.</param>
    public static string Write(WgQuickFile file, string? privateKey = null)
    {
        StringBuilder text = new("[Interface]\n");
        if (file.PrivateKey is { } key) { Append(text, "PrivateKey", key); }
        else if (privateKey is not null) { text.Append("# PrivateKey: ").Append(privateKey).Append('\n'); }
        if (file.Addresses.Count > 0) { text.Append("Address = ").AppendJoin(", ", file.Addresses).Append('\n'); }
        if (file.ListenPort is { } port) { text.Append(CultureInfo.InvariantCulture, $"ListenPort = {port}\n"); }
        if (file.Mtu is { } mtu) { text.Append(CultureInfo.InvariantCulture, $"MTU = {mtu}\n"); }
        foreach (WgQuickPeer peer in file.Peers) { Append(text, peer); }
        return text.ToString();
    }

    private static void Append(StringBuilder text, WgQuickPeer peer)
    {
        text.Append("\n[Peer]\n");
        if (peer.Name.Length > 0) { text.Append("# name = ").Append(peer.Name).Append('\n'); }
        if (peer.Region is { Length: > 0 } region) { text.Append("# region = ").Append(region).Append('\n'); }
        text.Append("PublicKey = ").Append(peer.PublicKey.ToString()).Append('\n');
        if (peer.PresharedKey is { } key) { Append(text, "PresharedKey", key); }
        if (peer.Endpoint is { } endpoint) { text.Append("Endpoint = ").Append(endpoint.ToString()).Append('\n'); }
        if (peer.AllowedIps.Count > 0) { text.Append("AllowedIPs = ").AppendJoin(", ", peer.AllowedIps).Append('\n'); }
        if (peer.KeepaliveSeconds > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"PersistentKeepalive = {peer.KeepaliveSeconds}\n");
        }
    }

    private static void Append(StringBuilder text, string key, SecretKey value)
    {
        Span<char> secret = stackalloc char[SecretKey.TextLength];
        value.WriteBase64(secret);
        text.Append(key).Append(" = ").Append(secret).Append('\n');
        secret.Clear();
    }
}
