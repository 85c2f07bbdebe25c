using System.Diagnostics;
using System.Globalization;

namespace EdgeProxy.Storage.Tests;

public sealed class RoutingDbScaleTests(ITestOutputHelper output)
{
    private const int Rows = 1_000_000;

    /// <summary>The times are for the reader of the test's output; a shared machine is no judge of them.</summary>
    [Fact]
    public void Load_WhenThereAreAMillionBackends_TakesAllAndNoStringForAny()
    {
        using TemporaryDirectory directory = new();
        string file = directory.File("routing.db");
        SqliteCli.Run(file, Samples.OriginalSchema + ";" + Samples.ManyRows(Rows));
        Follower follower = new(file);
        Stopwatch watch = Stopwatch.StartNew();
        LoadResult first = follower.Load();
        Report("first load", watch);
        Assert.Null(first.Problem);
        Assert.Equal((Rows, (long)Rows), (follower.Table!.BackendCount, first.Rows));
        Assert.Empty(follower.RowProblems);

        long before = GC.GetAllocatedBytesForCurrentThread();
        watch.Restart();
        LoadResult again = follower.Db.Load(follower.NewBuilder());
        Report("again", watch);
        long perRow = (GC.GetAllocatedBytesForCurrentThread() - before) / Rows;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{perRow} bytes allocated per row"));
        Assert.Equal(Rows, again.Rows);
        Assert.True(perRow < 100, $"{perRow} bytes a row: more than the builder's own arrays");

        watch.Restart();
        follower.LoadSettled();
        Assert.True(follower.Db.CopyTo(LastGoodCopy.PathOf(file, null)).Written);
        Report("settled and copied", watch);
    }

    private void Report(string what, Stopwatch watch) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {watch.ElapsedMilliseconds} ms"));
}
