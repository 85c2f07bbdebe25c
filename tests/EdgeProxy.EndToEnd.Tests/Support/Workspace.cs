namespace EdgeProxy.EndToEnd.Tests;

/// <summary>A directory of a test's own with a routing.db in it.</summary>
internal sealed class Workspace : IDisposable
{
    private const string BusyTimeout = ".timeout 20000"; // Whoever else writes is waited for.

    private Workspace(string directory) => Root = directory;

    public string Root { get; }

    public string DbPath => Path.Combine(Root, "routing.db");

    /// <param name="sql">Statements for the new routing.db.</param>
    public static Workspace Create(string sql)
    {
        Workspace made = new(Directory.CreateTempSubdirectory("edgeproxy-e2e-").FullName);
        Programs.Output(Programs.EdgeProxy, "db", "init", "--db-path", made.DbPath);
        made.Sql(sql);
        return made;
    }

    /// <summary>By the sqlite3 program, as an operator would.</summary>
    public string Sql(string statements) => Programs.Output("sqlite3", "-bail", DbPath, BusyTimeout, statements);

    /// <summary>One statement holding its lock until the program is ended: <c>BEGIN EXCLUSIVE</c> of somebody else.</summary>
    public ChildProcess HoldLock()
    {
        ChildProcess holder = ChildProcess.Start("sqlite3", DbPath, "BEGIN EXCLUSIVE", ".shell echo locked; exec sleep 600");
        holder.WaitFor("locked");
        return holder;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
