using EdgeProxy.Linux;
using EdgeProxy.Routing;

namespace EdgeProxy.Storage.Tests;

/// <summary>What a reload thread does with a routing.db, without the thread: keeps the last good table.</summary>
internal sealed class Follower(string path)
{
    private readonly AppIds _appIds = new();
    private readonly BackendSlots _slots = new();
    private readonly RoutingDefaults _defaults = new() { PopRegion = "sa" };

    public RoutingDb Db { get; } = new(path, Stat);

    public RoutingTable? Table { get; private set; }

    public IReadOnlyList<RowProblem> RowProblems { get; private set; } = [];

    /// <summary>Of the last load.</summary>
    public StorageProblem? Problem { get; private set; }

    /// <summary>Each backend of the table in use as "id endpoint country weight", by id, separated by "; ".</summary>
    public string Backends => Table is null
        ? ""
        : string.Join("; ", Enumerable.Range(0, Table.BackendCount).Select(index => Table.Backend(index))
            .Select(backend => $"{_slots.Id(backend.Slot)} {backend.Endpoint} {backend.Country} {backend.Weight}")
            .Order(StringComparer.Ordinal));

    public static FileStamp Stat(string name)
    {
        FileFacts facts = FileFacts.Read(name);
        return new FileStamp(
            facts.Device, facts.Inode, facts.BornNs, facts.Length, facts.ModifiedNs, facts.ChangedNs, facts.TakenNs);
    }

    public RoutingTableBuilder NewBuilder() => new(Table, _appIds, _slots, _defaults);

    public LoadResult Load()
    {
        RoutingTableBuilder builder = NewBuilder();
        LoadResult result = Db.Load(builder);
        Problem = result.Problem;
        if (result.Problem is not null || builder.Build(out IReadOnlyList<RowProblem> problems) is not { } table)
        {
            return result;
        }

        Table = table;
        RowProblems = problems;
        return result;
    }

    /// <summary>Loads until the file can no longer change unseen: the kernel's file clock has to tick once.</summary>
    public void LoadSettled()
    {
        const int loadsMax = 10_000;
        for (int i = 0; i < loadsMax; i++)
        {
            Load();
            if (!Db.MayHaveChanged()) { return; }
        }

        Assert.Fail($"{path} never settles: {Problem}");
    }
}
