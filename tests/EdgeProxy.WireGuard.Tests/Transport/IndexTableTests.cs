namespace EdgeProxy.WireGuard.Tests;

public sealed class IndexTableTests
{
    [Fact]
    public void Table_WhenItGrowsAndShrinks_FindsWhatIsInItAndNothingElse()
    {
        using TestNode node = new(1, 1);
        using TestNode other = new(2, 2);
        Peer peer = node.Know(other);
        Random random = new(5);
        IndexTable table = new(bytes => random.NextBytes(bytes));
        List<IndexEntry> entries = [];
        for (int i = 0; i < 5000; i++) { entries.Add(table.Add(peer)); }
        Assert.Equal(5000, table.Count);
        Assert.All(entries, entry => Assert.Same(entry, table.Find(entry.Index)));
        Assert.Equal(5000, entries.Select(static entry => entry.Index).Distinct().Count());
        foreach (IndexEntry entry in entries.Take(2500))
        {
            table.Remove(entry);
            table.Remove(entry);
        }

        Assert.Equal(2500, table.Count);
        Assert.All(entries.Take(2500), entry => Assert.Null(table.Find(entry.Index)));
        Assert.All(entries.Skip(2500), entry => Assert.Same(entry, table.Find(entry.Index)));
        Assert.All(entries.Skip(2500), entry => Assert.Null(table.Find(entry.Index ^ 0x8000_0000)));
    }
}
