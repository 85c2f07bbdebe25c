using System.Diagnostics.CodeAnalysis;
using EdgeProxy.Routing;

namespace EdgeProxy.Storage;

/// <summary>A connection that remembers the first thing that went wrong, so that steps can be chained.</summary>
internal sealed class StoreSession(string path, SqliteConnection connection)
{
    private StorageProblem? _problem;

    public string Path => path;

    public SqliteConnection Connection => connection;

    /// <summary>What went wrong; asked for only after something did.</summary>
    public StorageProblem Problem
    {
        get
        {
            Invariant.Holds(_problem is not null);
            return _problem;
        }
    }

    /// <summary>False when <paramref name="code"/> is an error, which is then the problem.</summary>
    public bool Succeeded(SqliteCode code)
    {
        if (code is SqliteCode.Ok or SqliteCode.Row or SqliteCode.Done) { return true; }
        _problem ??= SqliteProblem.From(path, code, connection);
        return false;
    }

    /// <summary>False when there is a problem.</summary>
    public bool Accepts([NotNullWhen(false)] StorageProblem? problem)
    {
        _problem ??= problem;
        return problem is null;
    }

    public bool Refuse(string what, string cure) =>
        Accepts(new StorageProblem(StorageProblemKind.Refused, path, what, cure));

    public bool ReadShape(string table, out TableShape shape) =>
        Succeeded(TableShape.Read(connection, table, out shape));

    /// <summary>Compiles, binds texts and integers in order, and runs to the end.</summary>
    public bool Run(string sql, params ReadOnlySpan<object?> values)
    {
        SqliteCode code = connection.Prepare(sql, out SqliteStatement statement);
        using (statement)
        {
            if (code == SqliteCode.Ok) { code = statement.BindAll(values).Run(); }
            return Succeeded(code);
        }
    }

    /// <summary>Hands each row to <paramref name="row"/>.</summary>
    public bool Query(string sql, Action<SqliteStatement> row, params ReadOnlySpan<object?> values)
    {
        SqliteCode code = connection.Prepare(sql, out SqliteStatement statement);
        using (statement)
        {
            if (code != SqliteCode.Ok) { return Succeeded(code); }
            statement.BindAll(values);
            while ((code = statement.Step()) == SqliteCode.Row) { row(statement); }
            return Succeeded(code);
        }
    }
}
