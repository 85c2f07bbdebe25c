using System.Runtime.InteropServices;

namespace EdgeProxy.Routing;

/// <summary>
/// The backends of a table arranged so that the best for a client is found in a few steps: groups of
/// <see cref="Lanes"/> entries, each entry of an inner group summing up the group below it (<see cref="Entry"/>).
/// </summary>
/// <remarks>
/// <para>
/// Shape. Backends with the same app, region and country are a cell, and have a tree of their own. Over the cells stand
/// a tree per region, over the regions one per app, and beside them one per country where a country's cells lie in
/// several regions. So a backend has one leaf, not three, and its cell's top group has at most two parents.
/// </para>
/// <para>
/// Exactness. A client's best backend is the best of (lowest load + 100 × tier) over four trees: its country's, its
/// region's, this POP's region's and the whole app's, as tiers 0 to 3. A backend's true tier is the lowest of the trees
/// it is in; in the others it appears with a score at least 100 above its true one. So the lowest of the four is the
/// lowest true score, it is never reached through a wrong tier, and the backends that reach it are each in exactly one
/// of the trees that do: their weights may simply be added.
/// </para>
/// <para>
/// Updates. Any thread refreshes a leaf after it changed the slot's connections, then each entry above it, by
/// <see cref="SettleLeaf"/> and <see cref="SettleInner"/>: read the entry, work out what it should be, replace it by
/// CAS if it differs, and look again after every success. Whoever changes something below looks at the entry
/// afterwards, and whoever writes the entry looks below afterwards; so the last of them leaves the entry right, and
/// once nobody is changing anything every entry equals what a newly built index has. Until then a pick may see counts
/// that are a moment old, which costs it a better choice but never a limit: seats are taken on the slot itself.
/// </para>
/// </remarks>
internal sealed partial class SelectionIndex
{
    public const int LaneBits = 3;
    public const int Lanes = 1 << LaneBits;
    public const int NoGroup = -1;

    private const int GroupBytes = Lanes * sizeof(long);

    /// <summary>
    /// Other threads got in between this often in a row: leave the entry to the next <see cref="SettleAll"/>.
    /// </summary>
    private const int TriesMax = 1_000;

    private readonly BackendRecord[] _records;
    private readonly BackendSlots _slots;

    /// <summary>
    /// The groups' entries, a group per cache line; the first of them is at <see cref="_firstWord"/>.
    /// </summary>
    private readonly long[] _entries;
    private readonly int _firstWord;

    /// <summary>The first group with groups below it; those before it have backends.</summary>
    private readonly int _firstInner;

    /// <summary>By group.</summary>
    private readonly GroupLinks[] _links;

    /// <summary>By entry of an inner group, counted from the first of them: the group below.</summary>
    private readonly int[] _children;

    /// <summary>Where each cell begins in the records.</summary>
    private readonly int[] _cellFirsts;

    private int _unsettled;

    public SelectionIndex(BackendRecord[] records, BackendSlots slots, SelectionShape shape, int[] cellFirsts)
    {
        _records = records;
        _slots = slots;
        _firstInner = shape.LeafGroups;
        _links = new GroupLinks[shape.Parents.Count];
        for (int group = 0; group < _links.Length; group++)
        {
            _links[group] = new GroupLinks(
                shape.Parents[group], shape.CountryParents[group], shape.Firsts[group], shape.Ends[group]);
        }

        _children = [.. shape.Children];
        _cellFirsts = cellFirsts;

        // Pinned, because only then can groups be laid on cache lines: an array's first element lies 16 bytes into its
        // object.
        _entries = GC.AllocateUninitializedArray<long>((_links.Length << LaneBits) + Lanes, pinned: true);
        _firstWord = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(_entries, 0) & (GroupBytes - 1)) / sizeof(long);
        _entries.AsSpan().Fill(Entry.None);
        for (int i = 0; i < records.Length; i++) { At(records[i].Leaf) = LeafEntry(i); }
        for (int group = 0; group < _links.Length; group++) // Children come before their parents.
        {
            if (_links[group].Parent >= 0) { At(_links[group].Parent) = GroupEntries.Sum(Group(group)); }
            if (_links[group].CountryParent >= 0) { At(_links[group].CountryParent) = GroupEntries.Sum(Group(group)); }
        }
    }

    /// <summary>An entry was left unsettled since the last <see cref="SettleAll"/>.</summary>
    public bool IsUnsettled => Volatile.Read(ref _unsettled) != 0;

    /// <summary>Everything that changes, for comparing two indexes over the same records.</summary>
    public ReadOnlySpan<long> Entries => _entries.AsSpan(_firstWord, _links.Length << LaneBits);

    /// <summary>
    /// Brings a backend's entries up to its slot's connections. To be called after every change of them.
    /// </summary>
    public void Refresh(int backend)
    {
        int entry = _records[backend].Leaf;
        if (!SettleLeaf(entry, backend)) { return; }
        for (int group = entry >> LaneBits; ;)
        {
            RefreshCountry(group);
            int parent = _links[group].Parent;
            if (parent < 0 || !SettleInner(parent, group)) { return; }
            group = parent >> LaneBits;
        }
    }

    /// <summary>
    /// Refreshes everything: once after the index is published, since changes until then went to the old one, and when
    /// <see cref="IsUnsettled"/>. Loops may change it meanwhile; one thread at a time calls this.
    /// </summary>
    public void SettleAll()
    {
        Volatile.Write(ref _unsettled, 0);
        Interlocked.MemoryBarrier(); // What was published before is seen by whoever changes a count after we read it.
        for (int i = 0; i < _records.Length; i++) { SettleLeaf(_records[i].Leaf, i); }
        for (int group = 0; group < _links.Length; group++) // Children come before their parents.
        {
            if (_links[group].Parent >= 0) { SettleInner(_links[group].Parent, group); }
            if (_links[group].CountryParent >= 0) { SettleInner(_links[group].CountryParent, group); }
        }
    }

    private void RefreshCountry(int group)
    {
        for (int parent = _links[group].CountryParent; parent >= 0; parent = _links[group].Parent)
        {
            if (!SettleInner(parent, group)) { return; }
            group = parent >> LaneBits;
        }
    }

    /// <summary>Makes a leaf what its slot says; true if this call changed it.</summary>
    private bool SettleLeaf(int entry, int backend)
    {
        ref long place = ref At(entry);
        bool changed = false;
        for (int tries = 0; tries < TriesMax; tries++)
        {
            long seen = Volatile.Read(ref place);
            long wanted = LeafEntry(backend);
            if (seen == wanted) { return changed; }
            changed |= Interlocked.CompareExchange(ref place, wanted, seen) == seen;
        }

        Volatile.Write(ref _unsettled, 1);
        return true;
    }

    /// <summary>Makes an entry the sum of the group below it; true if this call changed it.</summary>
    private bool SettleInner(int entry, int group)
    {
        ref long place = ref At(entry);
        bool changed = false;
        for (int tries = 0; tries < TriesMax; tries++)
        {
            long seen = Volatile.Read(ref place);
            long wanted = GroupEntries.Sum(Group(group));
            if (seen == wanted) { return changed; }
            changed |= Interlocked.CompareExchange(ref place, wanted, seen) == seen;
        }

        Volatile.Write(ref _unsettled, 1);
        return true;
    }

    private long LeafEntry(int backend)
    {
        ref readonly BackendRecord record = ref _records[backend];
        return record.IsOpen && _slots.TryGetConnections(record.Slot, out int connections) && record.HasRoom(connections)
            ? Entry.Of(Score.Load(connections, record.SoftLimit, record.Weight), record.Weight)
            : Entry.None;
    }

    private ref long At(int entry) => ref _entries[_firstWord + entry];

    private ReadOnlySpan<long> Group(int group) => _entries.AsSpan(_firstWord + (group << LaneBits), Lanes);
}
