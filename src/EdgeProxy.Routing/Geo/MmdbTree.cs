using System.Buffers.Binary;

namespace EdgeProxy.Routing;

/// <summary>
/// The search tree of a MaxMind DB file: a node is two records, for the next bit of the address 0 or 1; a record is
/// another node, the number of nodes (nothing known), or beyond it an offset in the data section.
/// </summary>
internal sealed class MmdbTree(MmdbFile file, MmdbMetadata metadata, MmdbCountries countries)
{
    private const int DataGap = 16; // Record values that fall on the zeros between tree and data.
    private const int MappedBits = 96;

    // An honest tree is walked once. Makers do share equal subtrees, so nodes may be met again; a crafted one shares
    // them so often that the walk would never end.
    private long _visitsLeft = (4L * metadata.NodeCount) + 65_536;

    /// <summary>The record for all of IPv4: ::/96 of an IPv6 tree.</summary>
    public uint RootV4()
    {
        uint record = 0;
        for (int bit = 0; bit < metadata.AddressBits - 32 && record < metadata.NodeCount; bit++)
        {
            record = Child((int)record, right: false);
        }

        return record;
    }

    /// <summary>Visits the leaves below a record in the order of their addresses.</summary>
    /// <param name="root">The record to start at.</param>
    /// <param name="bits">Bits of the addresses below it.</param>
    /// <param name="leaf">Called with the first address of each leaf, its prefix length and its country.</param>
    public void Walk(uint root, int bits, Action<UInt128, int, Country> leaf)
    {
        // At most one step per bit waits on the stack: the right side of each node on the way down.
        Stack<Step> pending = new(bits + 1);
        pending.Push(new Step(root, 0, 0));
        while (pending.TryPop(out Step step))
        {
            if (step.Record >= metadata.NodeCount)
            {
                leaf(step.Address, step.Depth, CountryOf(step.Record));
                continue;
            }

            int node = (int)step.Record;
            if (IsAlias(step, bits)) { continue; }
            if (step.Depth == bits) { throw file.Damaged(Offset(node), $"the tree is deeper than an address's {bits} bits"); }
            if (--_visitsLeft < 0) { throw file.Damaged(Offset(node), "its tree takes more steps than an honest file's"); }
            int depth = step.Depth + 1;
            pending.Push(new Step(Child(node, right: true), depth, step.Address | (UInt128.One << (bits - depth))));
            pending.Push(new Step(Child(node, right: false), depth, step.Address));
        }
    }

    /// <summary>
    /// Whether this is a prefix in which the tree repeats all of IPv4. The lookup takes the IPv4 address out of such
    /// addresses itself, and ::/96 is IPv4's own place, so IPv6 is walked without them.
    /// </summary>
    private static bool IsAlias(in Step step, int bits)
    {
        if (bits == 32) { return false; }
        return step.Depth switch
        {
            16 => step.Address >> 112 == 0x2002, // 6to4
            32 => step.Address >> 96 == 0x2001_0000, // Teredo
            MappedBits => step.Address >> 32 == 0 || step.Address >> 32 == 0xFFFF,
            _ => false,
        };
    }

    private Country CountryOf(uint record) => record == metadata.NodeCount
        ? Country.None
        : countries.At((long)record - metadata.NodeCount - DataGap);

    private uint Child(int node, bool right)
    {
        ReadOnlySpan<byte> bytes = file.Bytes.AsSpan(Offset(node), metadata.RecordSize / 4);
        return (metadata.RecordSize, right) switch
        {
            (24, false) => BinaryPrimitives.ReadUInt32BigEndian(bytes) >> 8,
            (24, true) => BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]) & 0xFF_FFFF,
            (28, false) => (BinaryPrimitives.ReadUInt32BigEndian(bytes) >> 8) | ((bytes[3] & 0xF0u) << 20),
            (28, true) => BinaryPrimitives.ReadUInt32BigEndian(bytes[3..]) & 0xFFF_FFFF,
            (_, false) => BinaryPrimitives.ReadUInt32BigEndian(bytes),
            (_, true) => BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]),
        };
    }

    private int Offset(int node) => node * (metadata.RecordSize / 4);

    private readonly record struct Step(uint Record, int Depth, UInt128 Address);
}
