namespace EdgeProxy.Routing;

/// <summary>
/// Which peer each block of a table under construction belongs to; no two blocks in it share an address.
/// </summary>
internal sealed class AllowedIpMap
{
    private readonly List<(IpPrefix Block, string Peer)> _blocks = []; // In the order of their addresses.

    /// <summary>
    /// Who has a block that shares addresses with <paramref name="block"/>, and which; null when nobody does.
    /// </summary>
    public (IpPrefix Block, string Peer)? Overlap(in IpPrefix block)
    {
        int at = Find(block.Address);
        if (at > 0 && _blocks[at - 1].Block.Contains(block.Address)) { return _blocks[at - 1]; }
        return at < _blocks.Count && block.Contains(_blocks[at].Block.Address) ? _blocks[at] : null;
    }

    /// <summary>Takes blocks that overlap with none that is in it.</summary>
    public void Add(TunnelPeer peer)
    {
        foreach (IpPrefix block in peer.AllowedIps)
        {
            Invariant.Holds(Overlap(block) is null);
            _blocks.Insert(Find(block.Address), (block, peer.Name));
        }
    }

    /// <summary>The first place whose block begins at or above <paramref name="address"/>.</summary>
    private int Find(in IpAddress address)
    {
        int low = 0;
        int high = _blocks.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_blocks[middle].Block.Address < address) { low = middle + 1; }
            else { high = middle; }
        }

        return low;
    }
}
