using System.Runtime.InteropServices;

namespace EdgeProxy.Routing;

/// <summary>
/// The groups of a <see cref="SelectionIndex"/> while they are laid out: first the groups of backends of every cell,
/// then the groups above them, children before parents.
/// </summary>
internal sealed class SelectionShape
{
    private const int NoEntry = -1;

    public List<int> Parents { get; } = [];

    public List<int> CountryParents { get; } = [];

    public List<int> Children { get; } = [];

    public List<int> Firsts { get; } = [];

    public List<int> Ends { get; } = [];

    /// <summary>Groups of backends; only once all of them are added.</summary>
    public int LeafGroups { get; private set; }

    /// <summary>Gives the backends of one cell their leaves; returns the cell's first group.</summary>
    public int AddLeaves(Span<BackendRecord> records, int first, int end)
    {
        int firstGroup = Parents.Count;
        for (int backend = first; backend < end; backend += SelectionIndex.Lanes)
        {
            int groupEnd = Math.Min(end, backend + SelectionIndex.Lanes);
            int group = AddGroup(backend, groupEnd);
            for (int i = backend; i < groupEnd; i++)
            {
                records[i].Leaf = (group << SelectionIndex.LaneBits) + i - backend;
            }
        }

        LeafGroups = Parents.Count;
        return firstGroup;
    }

    /// <summary>Builds a tree over groups and returns its top: the group itself where there is one.</summary>
    /// <param name="groups">At least one.</param>
    /// <param name="ofCountry">The tree stands beside the one over regions.</param>
    public int Raise(List<int> groups, bool ofCountry = false)
    {
        List<int> parents = ofCountry ? CountryParents : Parents;
        while (groups.Count > 1)
        {
            List<int> above = [];
            for (int i = 0; i < groups.Count; i += SelectionIndex.Lanes)
            {
                int count = Math.Min(SelectionIndex.Lanes, groups.Count - i);
                above.Add(AddInner(CollectionsMarshal.AsSpan(groups).Slice(i, count), parents));
            }

            groups = above;
            parents = Parents;
        }

        return groups[0];
    }

    private int AddInner(ReadOnlySpan<int> children, List<int> parents)
    {
        int first = int.MaxValue;
        int end = 0;
        int group = Parents.Count;
        for (int lane = 0; lane < SelectionIndex.Lanes; lane++)
        {
            if (lane >= children.Length)
            {
                Children.Add(SelectionIndex.NoGroup);
                continue;
            }

            int child = children[lane];
            Children.Add(child);
            parents[child] = (group << SelectionIndex.LaneBits) + lane;
            first = Math.Min(first, Firsts[child]);
            end = Math.Max(end, Ends[child]);
        }

        return AddGroup(first, end);
    }

    private int AddGroup(int first, int end)
    {
        Parents.Add(NoEntry);
        CountryParents.Add(NoEntry);
        Firsts.Add(first);
        Ends.Add(end);
        return Parents.Count - 1;
    }
}
