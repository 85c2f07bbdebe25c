using System.Net;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>Whatever happens to routing.db, traffic goes on by the last good table, and it is said what is wrong.</summary>
public sealed class TableTests
{
    private const string Complaint = "routing.db cannot be used";

    private static ProxyProcess Start(NamedBackend backend, params (string, string)[] settings) => ProxyProcess.Start(
        Rows.Backend("sa-1", "sa", backend.Port), [("DB_RELOAD_SECS", "0.2"), .. settings]);

    [Fact]
    public void Table_WhenReplacedByGarbage_GoesOnServingAndRecovers()
    {
        using NamedBackend backend = new("sa-1");
        using ProxyProcess proxy = Start(backend);
        string db = proxy.Workspace.DbPath;
        File.Copy(db, db + ".good");
        File.WriteAllText(db + ".new", new string('x', 8192));
        File.Move(db + ".new", db, overwrite: true);
        Assert.Contains("routing.db", proxy.WaitFor(Complaint), StringComparison.Ordinal);
        AssertServesWithAWarning(proxy);

        File.Move(db + ".good", db, overwrite: true);
        proxy.WaitFor("routing table in use");
        AssertServesWithoutAWarning(proxy);
        proxy.End(Complaint);
    }

    [Fact]
    public void Table_WhenOverwrittenInPlaceByGarbage_GoesOnServing()
    {
        using NamedBackend backend = new("sa-1");
        using ProxyProcess proxy = Start(backend);
        using (FileStream file = new(proxy.Workspace.DbPath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            byte[] noise = new byte[file.Length];
            new Random(20261124).NextBytes(noise);
            file.Write(noise);
        }

        proxy.WaitFor(Complaint);
        AssertServesWithAWarning(proxy);
        proxy.End(Complaint);
    }

    [Fact]
    public void Table_WhenTruncated_GoesOnServing()
    {
        using NamedBackend backend = new("sa-1");
        using ProxyProcess proxy = Start(backend);
        using (FileStream file = new(proxy.Workspace.DbPath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) { file.SetLength(0); }
        proxy.WaitFor(Complaint);
        AssertServesWithAWarning(proxy);
        proxy.End(Complaint);
    }

    [Fact]
    public void Table_WhenDeletedAndRestored_GoesOnServing()
    {
        using NamedBackend backend = new("sa-1");
        using ProxyProcess proxy = Start(backend);
        string db = proxy.Workspace.DbPath;
        File.Move(db, db + ".away");
        proxy.WaitFor(Complaint);
        AssertServesWithAWarning(proxy);

        File.Move(db + ".away", db);
        proxy.WaitFor("routing table in use");
        AssertServesWithoutAWarning(proxy);
        proxy.Edit("UPDATE backends SET weight = 3 WHERE id = 'sa-1'");
        proxy.End(Complaint);
    }

    [Fact]
    public void Table_WhenReplacedByRename_IsTheNewOne()
    {
        using NamedBackend old = new("old");
        using NamedBackend renewed = new("new");
        using ProxyProcess proxy = Start(old, ("AFFINITY", "none"));
        using Workspace other = Workspace.Create(Rows.Mark("ap") + Rows.Backend("sa-2", "sa", renewed.Port));
        File.Copy(other.DbPath, proxy.Workspace.DbPath + ".new");
        File.Move(proxy.Workspace.DbPath + ".new", proxy.Workspace.DbPath, overwrite: true);
        proxy.WaitForMark("ap");
        Assert.Equal("new", Wire.Ask(proxy.Client, "\n"));
        proxy.End();
    }

    [Fact]
    public void Table_WhenItsStructureIsDamaged_ChangesNothing()
    {
        using NamedBackend backend = new("sa-1");
        using ProxyProcess proxy = Start(backend);
        proxy.Workspace.Sql("ALTER TABLE backends RENAME COLUMN wg_ip TO address");
        Assert.Contains("wg_ip", proxy.WaitFor(Complaint), StringComparison.Ordinal);
        AssertServesWithAWarning(proxy);
        proxy.Workspace.Sql("ALTER TABLE backends RENAME COLUMN address TO wg_ip");
        proxy.WaitFor("routing table in use");
        proxy.End(Complaint);
    }

    [Fact]
    public void Table_WhenOneRowIsBad_HarmsOnlyThatRow()
    {
        using NamedBackend one = new("sa-1");
        using NamedBackend other = new("eu-1");
        using ProxyProcess proxy = Start(one);
        proxy.Edit("PRAGMA ignore_check_constraints = ON; UPDATE backends SET port = 'ssh' WHERE id = 'sa-1'; "
            + Rows.Backend("eu-1", "eu", other.Port));
        string line = proxy.WaitFor("bad row in routing.db");
        Assert.Contains("row=sa-1 column=port value=ssh", line, StringComparison.Ordinal);
        Assert.Contains("cure=", line, StringComparison.Ordinal);
        Assert.Equal(1, proxy.Metric("edgeproxy_table_row_problems"));
        Assert.Equal("sa-1", Wire.Ask(proxy.Client, "\n")); // Its last good version.
        Assert.Equal(2, proxy.Metric("edgeproxy_table_backends")); // And the rest of the commit.
        ProgramResult check = proxy.Cli("check");
        Assert.Equal(4, check.ExitCode);
        Assert.Contains("column port, value 'ssh'", check.Everything, StringComparison.Ordinal);
        proxy.End();
    }

    [Fact]
    public void Table_WhenLockedByAnotherProgram_GoesOnServingAndFollowsAfterwards()
    {
        using NamedBackend old = new("old");
        using NamedBackend renewed = new("new");
        using ProxyProcess proxy = Start(old, ("AFFINITY", "none"));
        using (ChildProcess holder = proxy.Workspace.HoldLock())
        {
            proxy.Send(Signal.HangUp); // Looks, and finds it locked.
            Patience.Until(() => proxy.Get("/ready").Body.Contains("lock", StringComparison.Ordinal), () => proxy.Get("/ready").Body);
            Assert.Equal("old", Wire.Ask(proxy.Client, "\n"));
        }

        proxy.Edit(Rows.Backend("sa-2", "sa", renewed.Port) + "UPDATE backends SET healthy = 0 WHERE id = 'sa-1'");
        Assert.Equal("new", Wire.Ask(proxy.Client, "\n"));
        proxy.End();
    }

    [Fact]
    public void Table_WhenInWriteAheadLogMode_IsFollowed()
    {
        using NamedBackend old = new("old");
        using NamedBackend renewed = new("new");
        using ProxyProcess proxy = Start(old, ("AFFINITY", "none"), ("DB_RELOAD_SECS", "5"));
        SwitchJournal(proxy, "wal");

        // While somebody keeps it open the log stays beside the file, and commits are only in the log.
        using ChildProcess keeper = ChildProcess.Start(
            "sqlite3", proxy.Workspace.DbPath, "SELECT count(*) FROM backends", ".shell echo open; exec sleep 600");
        keeper.WaitFor("open");
        proxy.Edit(Rows.Backend("sa-2", "sa", renewed.Port));
        Assert.True(new FileInfo(proxy.Workspace.DbPath + "-wal").Length > 0);
        proxy.Edit("UPDATE backends SET healthy = 0 WHERE id = 'sa-1'");
        Assert.Equal("new", Wire.Ask(proxy.Client, "\n"));
        keeper.Kill();
        SwitchJournal(proxy, "delete");
        proxy.Edit("UPDATE backends SET healthy = 1 WHERE id = 'sa-1'; UPDATE backends SET healthy = 0 WHERE id = 'sa-2'");
        Assert.Equal("old", Wire.Ask(proxy.Client, "\n"));
        proxy.End();
    }

    /// <summary>Wants the file alone, and SQLite waits for no reader here whatever its timeout: asked until it is.</summary>
    private static void SwitchJournal(ProxyProcess proxy, string mode) => Patience.Until(
        () => Programs.Run("sqlite3", proxy.Workspace.DbPath, $"PRAGMA journal_mode = {mode}").Out == mode + "\n",
        $"the journal in mode {mode}");

    [Fact]
    public void Table_WhenUnreadableAtTheStart_IsTheLastGoodCopy()
    {
        using NamedBackend backend = new("sa-1");
        using Workspace workspace = Workspace.Create(Rows.Backend("sa-1", "sa", backend.Port));
        using (ProxyProcess first = ProxyProcess.StartOver(workspace, ("DB_RELOAD_SECS", "0.1")))
        {
            Patience.Until(
                () => Directory.EnumerateFiles(workspace.Root).Any(static f => f.Contains("last-good", StringComparison.Ordinal)),
                () => string.Join(' ', Directory.EnumerateFileSystemEntries(workspace.Root)));
            first.End();
        }

        File.WriteAllText(workspace.DbPath, "not a database at all");
        using ProxyProcess second = ProxyProcess.StartOver(workspace);
        Assert.Contains(second.Log, static l => l.Contains("the last good copy of the routing table is in use", StringComparison.Ordinal));
        AssertServesWithAWarning(second);
        second.End(Complaint);
    }

    [Fact]
    public void Start_WhenThereIsNeitherTableNorCopy_FailsWithTheCure()
    {
        using Workspace workspace = Workspace.Create("SELECT 1");
        File.WriteAllText(workspace.DbPath, "not a database at all");
        ProgramResult result = Programs.Run(
            Programs.EdgeProxy, "run", "--db-path", workspace.DbPath, "--listen-addr", "127.0.0.1:0", "--metrics-listen-addr", "127.0.0.1:0");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(workspace.DbPath, result.Error, StringComparison.Ordinal);
    }

    private static void AssertServesWithAWarning(ProxyProcess proxy)
    {
        Assert.Equal("sa-1", Wire.Ask(proxy.Client, "\n"));
        (HttpStatusCode status, string body) = proxy.Get("/ready");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("the last good routing table is in use", body, StringComparison.Ordinal);
    }

    private static void AssertServesWithoutAWarning(ProxyProcess proxy)
    {
        Assert.Equal("sa-1", Wire.Ask(proxy.Client, "\n"));
        Assert.DoesNotContain("the last good routing table is in use", proxy.Get("/ready").Body, StringComparison.Ordinal);
    }
}
