namespace EdgeProxy.WireGuard.Tests;

public sealed class AllowedIpsTests : IDisposable
{
    private readonly TestNode _node = new(1, 1);

    public void Dispose() => _node.Dispose();

    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    [InlineData(false, 3)]
    [InlineData(false, 4)]
    public void Lookup_WhenComparedToANaiveList_AgreesAfterEveryChange(bool isIPv4, int seed)
    {
        Random random = new(seed);
        AllowedIps tree = new();
        Dictionary<AllowedIp, Peer> list = [];
        Peer[] peers = [.. Enumerable.Range(0, 20).Select(i => NewPeer(i))];
        for (int step = 0; step < 600; step++)
        {
            Peer peer = peers[random.Next(peers.Length)];
            if (random.Next(10) == 0)
            {
                foreach (AllowedIp old in list.Where(entry => entry.Value == peer).Select(static e => e.Key).ToArray())
                {
                    list.Remove(old);
                }

                AllowedIp[] blocks = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Draw(random, isIPv4))];
                tree.Set(peer, blocks);
                foreach (AllowedIp block in blocks) { list[block] = peer; }
            }
            else
            {
                AllowedIp block = Draw(random, isIPv4);
                tree.Add(block, peer);
                list[block] = peer;
            }

            for (int i = 0; i < 20; i++)
            {
                byte[] address = Address(random, isIPv4);
                Assert.Equal(Naive(list, address), tree.Find(address));
            }
        }

        foreach (Peer peer in peers)
        {
            HashSet<AllowedIp> mine = [.. list.Where(entry => entry.Value == peer).Select(static entry => entry.Key)];
            Assert.Equal(mine.Count, tree.Of(peer).Count);
            Assert.True(mine.SetEquals(tree.Of(peer)));
        }
    }

    [Fact]
    public void Lookup_WhenFamiliesDiffer_KeepsThemApart()
    {
        AllowedIps tree = new();
        Peer four = NewPeer(1);
        Peer six = NewPeer(2);
        tree.Add(AllowedIp.FromBytes(new byte[4], 0), four);
        tree.Add(AllowedIp.FromBytes(new byte[16], 0), six);
        Assert.Equal(four, tree.Find([1, 2, 3, 4]));
        Assert.Equal(six, tree.Find([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 1, 2, 3, 4]));
    }

    [Fact]
    public void Block_WhenWrittenAgain_IsItsPrefix()
    {
        byte[] address = new byte[16];
        AllowedIp block = AllowedIp.FromBytes([10, 1, 2, 3], 24);
        Assert.Equal(4, block.Write(address));
        Assert.Equal([10, 1, 2, 0], address[..4]);
        Assert.Throws<ArgumentOutOfRangeException>(() => AllowedIp.FromBytes([10, 1, 2, 3], 33));
        byte[] six = [.. Enumerable.Range(0xF0, 16).Select(static i => (byte)i)];
        Assert.Equal(16, AllowedIp.FromBytes(six, 128).Write(address));
        Assert.Equal(six, address);
        AllowedIp.FromBytes(six, 68).Write(address);
        Assert.Equal([.. six[..8], 0xF0, 0, 0, 0, 0, 0, 0, 0], address);
    }

    [Fact]
    public void Peers_WhenAThousandAreIdle_TakeFewKilobytesEach()
    {
        const int Count = 1000;
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < Count; i++)
        {
            Peer peer = NewPeer(i);
            peer.Endpoint = new Endpoint(0, 0xFFFF_0000_0000UL | (uint)i, 51820);
            _node.Device.SetAllowedIps(peer, [
                AllowedIp.FromBytes([10, (byte)(i >> 8), (byte)i, 0], 24),
                AllowedIp.FromBytes([0xFD, 0, (byte)(i >> 8), (byte)i, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 32),
            ]);
        }

        long each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Count;
        Assert.InRange(each + 256, 1, 4096); // 256 bytes of secure heap besides.
        Assert.Equal(Count, _node.Device.Peers.Count);
    }

    private static Peer? Naive(Dictionary<AllowedIp, Peer> list, byte[] address) => list
        .Where(entry => AllowedIp.FromBytes(address, entry.Key.Bits) == entry.Key)
        .OrderByDescending(static entry => entry.Key.Bits).Select(static entry => entry.Value).FirstOrDefault();

    /// <summary>Few different bytes, so that blocks nest and meet.</summary>
    private static byte[] Address(Random random, bool isIPv4) =>
        [.. Enumerable.Range(0, isIPv4 ? 4 : 16).Select(_ => (byte)(random.Next(3) * 127))];

    private static AllowedIp Draw(Random random, bool isIPv4) =>
        AllowedIp.FromBytes(Address(random, isIPv4), random.Next(isIPv4 ? 33 : 129));

    private Peer NewPeer(int number) =>
        _node.Device.Add(new PublicKey([.. BitConverter.GetBytes(number + 1), .. new byte[28]]))!;
}
