using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Storage;

namespace EdgeProxy.Fuzz;

/// <summary>
/// A file that calls itself routing.db: loading, copying, listing and changing it ends in a value. When SQLite itself
/// takes the process down, the file that did it is left in the temporary directory.
/// </summary>
internal static class RoutingDbTarget
{
    // In memory where there is such a place: each run commits and flushes several times.
    private const string MemoryDirectory = "/dev/shm";

    private static readonly string s_file = Path.Combine(MakeDirectory(), "routing.db");

    public static void Run(ReadOnlySpan<byte> input)
    {
        Write(input);
        RoutingDb db = new(s_file, Stat);
        RoutingTableBuilder builder = new(null, new AppIds(), new BackendSlots(), new RoutingDefaults { PopRegion = "sa" });
        LoadResult result = db.Load(builder);
        if (result.Problem is { } problem) { Check(problem); }
        else { CheckTable(builder, result); }
        if (db.CopyTo(s_file + ".copy").Problem is { } copyProblem) { Check(copyProblem); }
        Change();
    }

    private static void CheckTable(RoutingTableBuilder builder, LoadResult result)
    {
        RoutingTable? table = builder.Build(out IReadOnlyList<RowProblem> problems);
        Require(table is not null && table.BackendCount <= result.Rows, "a loaded table has no more backends than rows");
        foreach (RowProblem problem in problems)
        {
            Require(problem.Problem.Length > 0 && problem.Cure.Length > 0, "a problem has its cure");
        }
    }

    private static void Change()
    {
        BackendStore store = new(s_file);
        StoreResult<IReadOnlyList<StoredBackend>> list = store.List();
        if (list.Problem is { } problem) { Check(problem); }
        BackendValues values = new() { Region = "sa", Address = "10.0.0.1", Port = 80 };
        CheckOne(store.Add("fuzz", values));
        CheckOne(store.Drain(list.Value is { Count: > 0 } ? list.Value[0].Id : "sa-1"));
        CheckOne(store.Remove("sa-1"));
        if (RoutingDbSchema.Init(s_file).Problem is { } initProblem) { Check(initProblem); }
    }

    private static void CheckOne(StoreResult<StoredBackend> result)
    {
        Require(result.Value is null != result.Problem is null, "a result is a value or a problem");
        if (result.Problem is { } problem) { Check(problem); }
    }

    private static void Check(StorageProblem problem) =>
        Require(problem.What.Length > 0 && problem.Cure.Length > 0 && problem.File.StartsWith(s_file, StringComparison.Ordinal),
            "a problem says where, what and the cure");

    private static void Require(bool condition, string what)
    {
        if (!condition) { throw new InvalidOperationException($"Not true: {what}."); }
    }

    private static void Write(ReadOnlySpan<byte> input)
    {
        foreach (string suffix in (string[])["", "-wal", "-shm", "-journal"]) { File.Delete(s_file + suffix); }
        using FileStream file = File.Create(s_file);
        file.Write(input);
    }

    private static string MakeDirectory()
    {
        string root = Directory.Exists(MemoryDirectory) ? MemoryDirectory : Path.GetTempPath();
        DirectoryInfo directory = Directory.CreateDirectory(Path.Combine(root, $"edgeproxy-fuzz-{Environment.ProcessId}"));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => directory.Delete(recursive: true);
        return directory.FullName;
    }

    private static FileStamp Stat(string path)
    {
        FileFacts facts = FileFacts.Read(path);

        // Taken in the far future: the copy is under test here, not whether it is too early for one.
        return new FileStamp(
            facts.Device, facts.Inode, facts.BornNs, facts.Length, facts.ModifiedNs, facts.ChangedNs, long.MaxValue);
    }
}
