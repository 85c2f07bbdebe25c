using System.Numerics;

namespace EdgeProxy.WireGuard;

/// <summary>
/// A node of a path-compressed binary trie. It never changes: an insertion copies the few nodes on its way, so lookups
/// go on in the tree they began in.
/// </summary>
internal sealed class TrieNode(ulong high, ulong low, int bits, Peer? peer, TrieNode? zero, TrieNode? one)
{
    private readonly ulong _high = high;
    private readonly ulong _low = low;
    private readonly ulong _maskHigh = AllowedIp.MaskHigh(bits);
    private readonly ulong _maskLow = AllowedIp.MaskLow(bits);
    private readonly int _bits = bits;
    private readonly Peer? _peer = peer; // Null where two branches part and nothing else is.
    private readonly TrieNode? _zero = zero;
    private readonly TrieNode? _one = one;

    public static Peer? Find(TrieNode? node, ulong high, ulong low)
    {
        Peer? best = null;
        while (node is not null && node.Covers(high, low))
        {
            best = node._peer ?? best;
            if (node._bits == 128) { break; }
            node = BitAt(high, low, node._bits) ? node._one : node._zero;
        }

        return best;
    }

    public static TrieNode Insert(TrieNode? node, in AllowedIp block, Peer peer)
    {
        if (node is null) { return new TrieNode(block.High, block.Low, block.Bits, peer, null, null); }
        int common = CommonBits(node._high ^ block.High, node._low ^ block.Low);
        common = Math.Min(common, Math.Min(node._bits, block.Bits));
        if (common == node._bits && common == block.Bits) { return node.With(peer, node._zero, node._one); }
        if (common == node._bits)
        {
            return BitAt(block.High, block.Low, common)
                ? node.With(node._peer, node._zero, Insert(node._one, block, peer))
                : node.With(node._peer, Insert(node._zero, block, peer), node._one);
        }

        bool nodeIsOne = BitAt(node._high, node._low, common);
        if (common == block.Bits)
        {
            return new TrieNode(block.High, block.Low, common, peer, nodeIsOne ? null : node, nodeIsOne ? node : null);
        }

        TrieNode leaf = new(block.High, block.Low, block.Bits, peer, null, null);
        return new TrieNode(
            block.High & AllowedIp.MaskHigh(common), block.Low & AllowedIp.MaskLow(common), common, null,
            nodeIsOne ? leaf : node, nodeIsOne ? node : leaf);
    }

    /// <summary>The tree without one peer's blocks.</summary>
    public static TrieNode? Without(TrieNode? node, Peer peer)
    {
        if (node is null) { return null; }
        TrieNode? zero = Without(node._zero, peer);
        TrieNode? one = Without(node._one, peer);
        Peer? kept = node._peer == peer ? null : node._peer;
        if (kept is null && (zero is null || one is null)) { return zero ?? one; }
        return kept == node._peer && zero == node._zero && one == node._one ? node : node.With(kept, zero, one);
    }

    /// <summary>Adds the blocks of a peer to a list, in order.</summary>
    public static void Collect(TrieNode? node, Peer peer, bool isIPv4, List<AllowedIp> blocks)
    {
        if (node is null) { return; }
        if (node._peer == peer) { blocks.Add(new AllowedIp(isIPv4, node._high, node._low, node._bits)); }
        Collect(node._zero, peer, isIPv4, blocks);
        Collect(node._one, peer, isIPv4, blocks);
    }

    private static int CommonBits(ulong high, ulong low) =>
        high != 0 ? BitOperations.LeadingZeroCount(high) : 64 + BitOperations.LeadingZeroCount(low);

    /// <param name="high">The first half of an address.</param>
    /// <param name="low">The second.</param>
    /// <param name="bit">Counted from the first one, below 128.</param>
    private static bool BitAt(ulong high, ulong low, int bit) =>
        (long)((bit < 64 ? high : low) << (bit & 63)) < 0;

    private bool Covers(ulong high, ulong low) => (((high ^ _high) & _maskHigh) | ((low ^ _low) & _maskLow)) == 0;

    private TrieNode With(Peer? peer, TrieNode? zero, TrieNode? one) => new(_high, _low, _bits, peer, zero, one);
}
