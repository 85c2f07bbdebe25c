namespace EdgeProxy.Routing.Tests;

/// <summary>A device that takes the changes between tables ends up as the last table says.</summary>
public sealed class TunnelChangeTests
{
    [Fact]
    public void Between_WhenNothingChanges_IsEmpty()
    {
        TableMaker maker = new();
        PeerTable table = Publish(maker, Row(1));
        Assert.Empty(TunnelChange.Between(table, table).Peers);
    }

    [Fact]
    public void Between_WhenAnEndpointStays_LeavesWhatRoamingHasTaught()
    {
        TableMaker maker = new();
        PeerTable before = Publish(maker, Row(1) with { Endpoint = "192.0.2.1:51820" });
        PeerTable after = Publish(maker, Row(1) with { Endpoint = "192.0.2.1:51820", Keepalive = 25 });
        TunnelPeerChange change = Assert.Single(TunnelChange.Between(before, after).Peers);
        Assert.Null(change.Endpoint);
        Assert.False(change.ReplaceAllowedIps);
        Assert.Equal((ushort)25, change.KeepaliveSeconds);
    }

    [Fact]
    public void Between_WhenAPresharedKeyGoes_RemovesIt()
    {
        TableMaker maker = new();
        maker.Defaults = maker.Defaults with
        {
            Peers = new PeerRules { ReadPresharedKey = static _ =>
                new KeyRead(new SecretKey([9, .. new byte[31]]), "", "") },
        };
        PeerTable before = Publish(maker, Row(1) with { PresharedKeyFile = "/key" });
        TunnelPeerChange change = Assert.Single(TunnelChange.Between(before, Publish(maker, Row(1))).Peers);
        Assert.True(change.PresharedKey!.IsZero);
    }

    [Fact]
    public void Between_WhenTablesAreRandom_LeadsFromEachToTheNext()
    {
        Random random = new(20_260_304);
        TableMaker maker = new();
        PeerTable before = PeerTable.Empty;
        Dictionary<PeerKey, (string Blocks, int Keepalive, string? Endpoint)> device = [];
        for (int round = 0; round < 300; round++)
        {
            PeerRow[] rows =
            [
                .. Enumerable.Range(1, 6).Where(_ => random.Next(2) == 0).Select(i => Row((byte)i) with
                {
                    AllowedIps = random.Next(3) == 0 ? null
                        : $"10.50.{((i + random.Next(2)) * 2) % 14}.{random.Next(3)}/32",
                    Keepalive = random.Next(3) * 10,
                    Endpoint = $"192.0.2.{random.Next(1, 4)}:51820",
                }),
            ];
            PeerTable after = Publish(maker, rows);
            foreach (TunnelPeerChange change in TunnelChange.Between(before, after).Peers) { Apply(device, change); }
            Assert.Equal(
                after.Peers.ToDictionary(static p => p.PublicKey, static p =>
                    (string.Join(',', p.AllowedIps), p.KeepaliveSeconds, p.Endpoint?.ToString())),
                device);
            before = after;
        }
    }

    private static void Apply(Dictionary<PeerKey, (string Blocks, int Keepalive, string? Endpoint)> device,
        TunnelPeerChange change)
    {
        if (change.Remove)
        {
            Assert.True(device.Remove(change.PublicKey));
            return;
        }

        (string blocks, int keepalive, string? endpoint) = device.GetValueOrDefault(change.PublicKey, ("", 0, null));
        if (change.ReplaceAllowedIps) { blocks = ""; }
        if (change.AllowedIps.Count > 0) { blocks = string.Join(',', change.AllowedIps); }
        device[change.PublicKey] =
            (blocks, change.KeepaliveSeconds ?? keepalive, change.Endpoint?.ToString() ?? endpoint);
    }

    private static PeerRow Row(byte key) =>
        new() { Name = $"p{key}", PublicKey = new PeerKey([key, .. new byte[31]]).ToString() };

    private static PeerTable Publish(TableMaker maker, params PeerRow[] rows)
    {
        RoutingTableBuilder builder = maker.NewBuilder();
        foreach (PeerRow row in rows) { builder.AddPeer(row); }
        return maker.Publish(builder).Peers;
    }
}
