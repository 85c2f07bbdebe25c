using System.Text.Json;
using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane.Tests;

public sealed class TunnelJsonTests
{
    [Fact]
    public void Tunnel_WhenUp_ShowsItselfAndItsPeers()
    {
        using LiveParts parts = new();
        JsonElement tunnel = Write(parts, parts.Sources.Tunnel);
        Assert.Equal("up", tunnel.GetProperty("state").GetString());
        Assert.Equal("builtin", tunnel.GetProperty("engine").GetString());
        Assert.Equal("edgeproxy0", tunnel.GetProperty("interface").GetString());
        Assert.Equal(parts.Tunnel.Figures.PublicKey.ToString(), tunnel.GetProperty("public_key").GetString());
        Assert.Equal(2, tunnel.GetProperty("peers_total").GetInt32());
        JsonElement known = tunnel.GetProperty("peers")[0];
        Assert.Equal("gru1", known.GetProperty("name").GetString());
        Assert.Equal("sa", known.GetProperty("region").GetString());
        Assert.Equal("192.0.2.1:51820", known.GetProperty("endpoint").GetString());
        Assert.Equal(2.5, known.GetProperty("handshake_age_secs").GetDouble());
        JsonElement stranger = tunnel.GetProperty("peers")[1];
        Assert.Equal(JsonValueKind.Null, stranger.GetProperty("name").ValueKind);
        Assert.Equal(LiveParts.Stranger.ToString(), stranger.GetProperty("public_key").GetString());
    }

    [Fact]
    public void Tunnel_WhenAPeerWasNeverHeard_HasNoAge()
    {
        using LiveParts parts = new();
        parts.Tunnel.Counts[LiveParts.Known] = parts.Tunnel.Counts[LiveParts.Known] with { HandshakeUnixNs = 0 };
        JsonElement peer = Write(parts, parts.Sources.Tunnel).GetProperty("peers")[0];
        Assert.Equal(JsonValueKind.Null, peer.GetProperty("handshake_age_secs").ValueKind);
    }

    [Fact]
    public void Tunnel_WhenThereIsNone_SaysWhetherItIsOffOrWhyItFailed()
    {
        using LiveParts parts = new();
        Assert.Equal("off", Write(parts, tunnel: null).GetProperty("state").GetString());
        TunnelSources none = parts.Sources.Tunnel! with { Device = null, Engine = null, Problem = "no right. Cure" };
        JsonElement failed = Write(parts, none);
        Assert.Equal("failed", failed.GetProperty("state").GetString());
        Assert.Equal("no right. Cure", failed.GetProperty("problem").GetString());
    }

    [Fact]
    public void Peers_WhenThereAreMany_AreCountedAllAndListedInPart()
    {
        using LiveParts parts = new();
        for (byte i = 3; i < 3 + TunnelJson.PeersMax; i++) { parts.AddPeer(new PeerKey([i, .. new byte[31]]), i); }
        JsonElement tunnel = Write(parts, parts.Sources.Tunnel);
        Assert.Equal(TunnelJson.PeersMax + 2, tunnel.GetProperty("peers_total").GetInt32());
        Assert.Equal(TunnelJson.PeersMax, tunnel.GetProperty("peers").GetArrayLength());
    }

    [Fact]
    public void Ready_WhenTheTunnelDidNotStart_WarnsAndStaysReady()
    {
        using LiveParts parts = new();
        ControlPlaneSources sources = parts.Sources with
        {
            Tunnel = parts.Sources.Tunnel! with { Device = null, Engine = null, Problem = "no right. Cure" },
        };
        ReadyPage ready = new(sources, new ReloadStatus(TimeProvider.System, followsGeo: false));
        PageBuffer page = new(1 << 20);
        ready.Write(page, ready.IsReady);
        JsonElement answer = JsonDocument.Parse(page.Written.ToArray()).RootElement;
        Assert.True(answer.GetProperty("ready").GetBoolean());
        Assert.Equal("there is no tunnel: no right. Cure", answer.GetProperty("warnings")[0].GetString());
        Assert.Equal("failed", answer.GetProperty("tunnel").GetProperty("state").GetString());
    }

    private static JsonElement Write(LiveParts parts, TunnelSources? tunnel)
    {
        PageBuffer page = new(1 << 20);
        using (Utf8JsonWriter json = new(page))
        {
            json.WriteStartObject();
            TunnelJson.Write(json, tunnel, parts.Sources.Router.Tables.Current.Peers, nowUnixNs: 3_500_000_000);
            json.WriteEndObject();
        }

        return JsonDocument.Parse(page.Written.ToArray()).RootElement.GetProperty("tunnel");
    }
}
