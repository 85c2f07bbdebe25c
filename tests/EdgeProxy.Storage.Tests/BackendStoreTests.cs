namespace EdgeProxy.Storage.Tests;

public sealed class BackendStoreTests : IDisposable
{
    private static readonly BackendValues s_values = new() { Region = "sa", Address = "127.0.0.1", Port = 9001 };

    private readonly TemporaryDirectory _directory = new();

    private string File => _directory.File("routing.db");

    private BackendStore Store => new(File);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Add_WhenFileWasMadeHere_FillsInTheDefaults()
    {
        RoutingDbSchema.Init(File);
        StoredBackend? added = Store.Add("sa-1", s_values).Value;
        Assert.Equal("sa-1|default|sa||127.0.0.1|9001|1|2|100|150|0", SqliteCli.Run(File, "SELECT * FROM backends"));
        Assert.Equivalent(added, Assert.Single(Store.List().Value!), strict: true);
    }

    [Fact]
    public void Add_WhenIdIsTaken_RefusesAndNamesTheCommandThatChanges()
    {
        RoutingDbSchema.Init(File);
        Store.Add("sa-1", s_values);
        StorageProblem problem = Store.Add("sa-1", s_values with { Port = 1 }).Problem!;
        Assert.Equal(StorageProblemKind.Refused, problem.Kind);
        Assert.Contains("backends set sa-1", problem.Cure, StringComparison.Ordinal);
        Assert.Equal("9001", SqliteCli.Run(File, "SELECT port FROM backends"));
    }

    [Fact]
    public void Add_WhenBackendWasRemoved_BringsItBackWithTheNewValuesOnly()
    {
        RoutingDbSchema.Init(File);
        Store.Add("sa-1", s_values with { Weight = 9, Country = "br" });
        Store.Remove("sa-1");
        Assert.Empty(Store.List().Value!);
        Assert.Equal(2, Store.Add("sa-1", s_values).Value!.Weight);
        Assert.Single(Store.List().Value!);
    }

    [Theory]
    [InlineData("127.0.0.256", 80, "sa", "address")]
    [InlineData("localhost", 80, "sa", "address")]
    [InlineData("::1", 0, "sa", "port")]
    [InlineData("::1", 65536, "sa", "port")]
    [InlineData("::1", 80, "mars", "region")]
    [InlineData("::1", 80, "", "region")]
    public void Add_WhenAValueCannotBe_SaysWhichAndWritesNothing(string address, int port, string region, string named)
    {
        RoutingDbSchema.Init(File);
        BackendValues values = new() { Address = address, Port = port, Region = region };
        Assert.Contains(named, Store.Add("x", values).Problem!.What, StringComparison.Ordinal);
        Assert.Equal("0", SqliteCli.Run(File, "SELECT count(*) FROM backends"));
    }

    [Fact]
    public void Add_WhenFileHasNoCountryColumn_TakesABackendWithoutOneOnly()
    {
        SqliteCli.Run(File, Samples.OriginalSchema);
        StorageProblem problem = Store.Add("sa-1", s_values with { Country = "BR" }).Problem!;
        Assert.Contains("ALTER TABLE backends ADD COLUMN country", problem.Cure, StringComparison.Ordinal);
        Assert.Null(Store.Add("sa-1", s_values).Problem);
        Assert.Equal("sa-1|default|sa|127.0.0.1|9001|1|2|100|150|0", SqliteCli.Run(File, "SELECT * FROM backends"));
    }

    [Fact]
    public void Add_WhenAppIsNotInTheTableOfApps_NamesThoseThatAre()
    {
        RoutingDbSchema.Init(File);
        SqliteCli.Run(File, "INSERT INTO apps (name, listen) VALUES ('redis', '127.0.0.1:6379')");
        StorageProblem problem = Store.Add("sa-1", s_values with { App = "rediss" }).Problem!;
        Assert.Contains("redis", problem.Cure, StringComparison.Ordinal);
        Assert.Null(Store.Add("sa-1", s_values with { App = "redis" }).Problem);
    }

    [Fact]
    public void Set_WhenForeignRowHasItsOwnColumns_ChangesOnlyWhatIsGiven()
    {
        SqliteCli.Run(File, Samples.OriginalSchema.Replace("deleted", "note TEXT, deleted", StringComparison.Ordinal));
        SqliteCli.Run(File, "INSERT INTO backends VALUES ('a', 'x', 'eu', '10.0.0.1', 80, 1, 1, 10, 20, 'mine', NULL)");
        Assert.Null(Store.Set("a", new BackendValues { SoftLimit = 15, Healthy = false }).Problem);
        Assert.Equal("a|x|eu|10.0.0.1|80|0|1|15|20|mine|", SqliteCli.Run(File, "SELECT * FROM backends"));
    }

    [Fact]
    public void Set_WhenBackendIsUnknown_Refuses()
    {
        RoutingDbSchema.Init(File);
        StorageProblem problem = Store.Set("nobody", new BackendValues { Weight = 1 }).Problem!;
        Assert.Equal(StorageProblemKind.Refused, problem.Kind);
        Assert.Contains("'nobody'", problem.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Ready_AfterDrain_GivesTheFormerWeightBack()
    {
        SqliteCli.Run(File, Samples.OriginalSchema);
        Store.Add("sa-1", s_values with { Weight = 7 });
        Assert.Equal(0, Store.Drain("sa-1").Value!.Weight);
        StoredBackend drainedTwice = Store.Drain("sa-1").Value!;
        Assert.Equal((0L, 7L), (drainedTwice.Weight!.Value, drainedTwice.WeightBeforeDrain!.Value));
        StoredBackend ready = Store.Ready("sa-1").Value!;
        Assert.Equal((7L, null), (ready.Weight!.Value, ready.WeightBeforeDrain));
    }

    [Fact]
    public void Ready_WhenSomebodyElseSetTheWeightToZero_GivesTheLeastWeight()
    {
        SqliteCli.Run(File, Samples.OriginalSchema);
        Store.Add("sa-1", s_values with { Weight = 0 });
        Assert.Equal(1, Store.Ready("sa-1").Value!.Weight);
    }

    [Fact]
    public void Remove_WhenFileHasNoMarkForDeletedRows_DeletesTheRow()
    {
        SqliteCli.Run(File, Samples.OriginalSchema.Replace(", deleted INTEGER DEFAULT 0", "", StringComparison.Ordinal));
        Store.Add("a", s_values);
        Store.Add("b", s_values);
        Assert.Equal("a", Store.Remove("a").Value!.Id);
        Assert.Equal("b", SqliteCli.Run(File, "SELECT id FROM backends"));
    }

    [Fact]
    public void Set_WhenAConstraintOfTheFileForbidsIt_QuotesTheConstraint()
    {
        SqliteCli.Run(File, Samples.OriginalSchema.Replace("port INTEGER", "port INTEGER CHECK (port > 1024)", StringComparison.Ordinal));
        Store.Add("a", s_values);
        StorageProblem problem = Store.Set("a", new BackendValues { Port = 80 }).Problem!;
        Assert.Equal(StorageProblemKind.Refused, problem.Kind);
        Assert.Contains("port > 1024", problem.What, StringComparison.Ordinal);
    }

    [Fact]
    public void List_WhenFileIsMissing_NamesTheCommandThatMakesOne()
    {
        StorageProblem problem = Store.List().Problem!;
        Assert.Equal(StorageProblemKind.Missing, problem.Kind);
        Assert.Contains("edgeproxy db init", problem.Cure, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(File));
    }
}
