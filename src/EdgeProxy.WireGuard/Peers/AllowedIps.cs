namespace EdgeProxy.WireGuard;

/// <summary>
/// Which peer an inner address belongs to, by its longest prefix. Read by any thread; writers take turns.
/// </summary>
internal sealed class AllowedIps
{
    private readonly Lock _lock = new();
    private TrieNode? _v4;
    private TrieNode? _v6;

    /// <param name="address">4 or 16 bytes in network order.</param>
    public Peer? Find(ReadOnlySpan<byte> address)
    {
        (ulong high, ulong low) = AllowedIp.Words(address);
        return TrieNode.Find(address.Length == 4 ? Volatile.Read(ref _v4) : Volatile.Read(ref _v6), high, low);
    }

    /// <summary>Gives a block to a peer; whoever had exactly this block has it no more.</summary>
    public void Add(in AllowedIp block, Peer peer)
    {
        lock (_lock)
        {
            if (block.IsIPv4) { Volatile.Write(ref _v4, TrieNode.Insert(_v4, block, peer)); }
            else { Volatile.Write(ref _v6, TrieNode.Insert(_v6, block, peer)); }
        }
    }

    /// <summary>
    /// Replaces all of a peer's blocks. Each family changes at once, so that none of them is ever half there.
    /// </summary>
    public void Set(Peer peer, ReadOnlySpan<AllowedIp> blocks)
    {
        lock (_lock)
        {
            TrieNode? v4 = TrieNode.Without(_v4, peer);
            TrieNode? v6 = TrieNode.Without(_v6, peer);
            foreach (AllowedIp block in blocks)
            {
                if (block.IsIPv4) { v4 = TrieNode.Insert(v4, block, peer); }
                else { v6 = TrieNode.Insert(v6, block, peer); }
            }

            Volatile.Write(ref _v4, v4);
            Volatile.Write(ref _v6, v6);
        }
    }

    public List<AllowedIp> Of(Peer peer)
    {
        List<AllowedIp> blocks = [];
        lock (_lock)
        {
            TrieNode.Collect(_v4, peer, isIPv4: true, blocks);
            TrieNode.Collect(_v6, peer, isIPv4: false, blocks);
        }

        return blocks;
    }
}
