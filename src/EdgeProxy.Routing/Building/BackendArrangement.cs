using System.Runtime.InteropServices;

namespace EdgeProxy.Routing;

/// <summary>
/// Backends on their way into a table: collected in the order of their rows, then arranged by app, region, country and
/// endpoint, with the selection index over them.
/// </summary>
internal sealed class BackendArrangement
{
    /// <summary>Backends that differ in nothing but load: the same clients see them in the same tier.</summary>
    private readonly record struct Cell(int AppId, int Region, Country Country);

    private readonly Dictionary<Cell, int> _numbers = [];
    private readonly List<Cell> _cells = [];
    private readonly List<int> _counts = [];
    private readonly RowScratch _rows;

    public BackendArrangement(RowScratch rows)
    {
        rows.Clear();
        _rows = rows;
    }

    public void Add(int appId, BackendRecord record)
    {
        Cell cell = new(appId, record.Region, record.Country);
        ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, cell, out bool known);
        if (!known)
        {
            number = _cells.Count;
            _cells.Add(cell);
            _counts.Add(0);
        }

        _counts[number]++;
        record.Leaf = number;
        _rows.Add(record);
    }

    /// <summary>Sorts and indexes what was added; nothing more can be.</summary>
    /// <param name="slots">Where the live connections are.</param>
    /// <param name="regionCount">Regions of the table.</param>
    /// <param name="index">The index over the returned records.</param>
    /// <param name="backendsByApp">Each app's part of it, by app id; apps without backends are not in it.</param>
    public BackendRecord[] Arrange(
        BackendSlots slots, int regionCount, out SelectionIndex index, out Dictionary<int, AppBackends> backendsByApp)
    {
        int[] order = CountUp(0, _cells.Count);
        Array.Sort(order, CompareCells);
        int[] firsts = new int[_cells.Count + 1]; // By place in the order.
        for (int i = 0; i < order.Length; i++) { firsts[i + 1] = firsts[i] + _counts[order[i]]; }
        BackendRecord[] records = Scatter(order, firsts);
        SelectionShape shape = new();
        int[] leaves = new int[order.Length + 1];
        for (int i = 0; i < order.Length; i++)
        {
            records.AsSpan(firsts[i], firsts[i + 1] - firsts[i]).Sort(CompareInCell);
            leaves[i] = shape.AddLeaves(records, firsts[i], firsts[i + 1]);
        }

        leaves[^1] = shape.LeafGroups;
        backendsByApp = [];
        for (int i = 0; i < order.Length;)
        {
            int end = i;
            while (end < order.Length && _cells[order[end]].AppId == _cells[order[i]].AppId) { end++; }
            AppBackends app = RaiseApp(shape, order, leaves, i, end, records, firsts, regionCount);
            backendsByApp.Add(_cells[order[i]].AppId, app);
            i = end;
        }

        index = new SelectionIndex(records, slots, shape, firsts[..^1]);
        return records;
    }

    /// <summary>Equal endpoints keep the order of their slots, so one set of rows always makes one table.</summary>
    private static int CompareInCell(BackendRecord left, BackendRecord right)
    {
        int order = BackendRecord.CompareEndpoints(left, right);
        return order != 0 ? order : left.Slot.CompareTo(right.Slot);
    }

    private BackendRecord[] Scatter(int[] order, int[] firsts)
    {
        int[] next = new int[order.Length]; // By cell number.
        for (int i = 0; i < order.Length; i++) { next[order[i]] = firsts[i]; }
        BackendRecord[] records = GC.AllocateUninitializedArray<BackendRecord>(_rows.Count);
        for (int i = 0; i < _rows.Count; i++) { records[next[_rows[i].Leaf]++] = _rows[i]; }
        _rows.Clear();
        return records;
    }

    /// <summary>Builds the trees over one app's cells, which are those from <paramref name="i"/> to the end.</summary>
    private AppBackends RaiseApp(
        SelectionShape shape, int[] order, int[] leaves, int i, int end, BackendRecord[] records, int[] firsts,
        int regionCount)
    {
        int[] regionTops = Filled(regionCount);
        int[] countryTops = Filled(Country.Count);
        Dictionary<Country, List<int>> cellsByCountry = [];
        List<int> regions = [];
        int first = firsts[i];
        while (i < end)
        {
            int region = _cells[order[i]].Region;
            List<int> cells = [];
            for (; i < end && _cells[order[i]].Region == region; i++)
            {
                cells.Add(shape.Raise([.. CountUp(leaves[i], leaves[i + 1])]));
                Country country = _cells[order[i]].Country;
                if (country == Country.None) { continue; }
                if (!cellsByCountry.TryGetValue(country, out List<int>? ofCountry)) { cellsByCountry.Add(country, ofCountry = []); }
                ofCountry.Add(cells[^1]);
            }

            regionTops[region] = shape.Raise(cells);
            regions.Add(regionTops[region]);
        }

        foreach ((Country country, List<int> cells) in cellsByCountry)
        {
            countryTops[country.Index] = shape.Raise(cells, ofCountry: true);
        }

        int open = 0;
        foreach (ref readonly BackendRecord record in records.AsSpan(first, firsts[end] - first)) { open += record.IsOpen ? 1 : 0; }
        return new AppBackends
        {
            First = first,
            End = firsts[end],
            OpenCount = open,
            AllTop = shape.Raise(regions),
            RegionTops = regionTops,
            CountryTops = countryTops,
        };
    }

    /// <summary>By app, region and country: no two cells are equal.</summary>
    private int CompareCells(int left, int right)
    {
        Cell a = _cells[left];
        Cell b = _cells[right];
        int order = a.AppId.CompareTo(b.AppId);
        if (order == 0) { order = a.Region.CompareTo(b.Region); }
        return order != 0 ? order : a.Country.Index.CompareTo(b.Country.Index);
    }

    private static int[] CountUp(int first, int end)
    {
        int[] numbers = new int[end - first];
        for (int i = 0; i < numbers.Length; i++) { numbers[i] = first + i; }
        return numbers;
    }

    private static int[] Filled(int length)
    {
        int[] tops = new int[length];
        tops.AsSpan().Fill(SelectionIndex.NoGroup);
        return tops;
    }
}
