using System.Text;
using static EdgeProxy.Storage.NativeSqlite;

namespace EdgeProxy.Storage;

/// <summary>
/// One compiled statement. Spans it hands out point into SQLite's memory and end with the next <see cref="Step"/>.
/// Not for two threads at once.
/// </summary>
internal sealed unsafe class SqliteStatement : IDisposable
{
    private nint _handle;

    public SqliteStatement(nint handle) => _handle = handle;

    /// <summary><see cref="SqliteCode.Row"/>, <see cref="SqliteCode.Done"/> or what went wrong.</summary>
    public SqliteCode Step() => sqlite3_step(_handle);

    /// <summary>Runs a statement that returns no rows, and leaves it ready to run again.</summary>
    public SqliteCode Run()
    {
        SqliteCode code = Step();
        SqliteCode reset = sqlite3_reset(_handle);
        return code == SqliteCode.Done ? SqliteCode.Ok : reset;
    }

    /// <summary>Ends the run: releases its locks and lets it run again with the same bindings.</summary>
    public void Reset() => sqlite3_reset(_handle);

    public SqliteType Type(int column) => sqlite3_column_type(_handle, column);

    public long Integer(int column) => sqlite3_column_int64(_handle, column);

    /// <summary>The value when it is stored as an integer; null for everything else.</summary>
    public long? IntegerOrNull(int column) => Type(column) == SqliteType.Integer ? Integer(column) : null;

    public double Real(int column) => sqlite3_column_double(_handle, column);

    /// <summary>
    /// The value as UTF-8, as SQLite converts it: nothing for NULL, digits for numbers, the bytes of a blob.
    /// </summary>
    public ReadOnlySpan<byte> Utf8(int column)
    {
        byte* text = sqlite3_column_text(_handle, column);
        return text == null ? default : new ReadOnlySpan<byte>(text, sqlite3_column_bytes(_handle, column));
    }

    /// <summary>The value as a string; bytes that are no UTF-8 show as U+FFFD. For the slow side.</summary>
    public string Text(int column) => Encoding.UTF8.GetString(Utf8(column));

    /// <summary>Binds parameter <paramref name="index"/>, counted from 1; null is NULL.</summary>
    public SqliteStatement Bind(int index, string? value)
    {
        if (value is null)
        {
            sqlite3_bind_null(_handle, index);
            return this;
        }

        byte[] bytes = Encoding.UTF8.GetBytes(value);
        fixed (byte* start = bytes)
        {
            byte empty = 0; // A null pointer would bind NULL where the empty text is meant.
            sqlite3_bind_text(_handle, index, bytes.Length == 0 ? &empty : start, bytes.Length, SQLITE_TRANSIENT);
        }

        return this;
    }

    public SqliteStatement Bind(int index, long value)
    {
        sqlite3_bind_int64(_handle, index, value);
        return this;
    }

    /// <summary>Binds texts, integers and NULLs to the parameters in order.</summary>
    public SqliteStatement BindAll(ReadOnlySpan<object?> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] is long number) { Bind(i + 1, number); }
            else { Bind(i + 1, (string?)values[i]); }
        }

        return this;
    }

    public void Dispose()
    {
        sqlite3_finalize(_handle);
        _handle = 0;
    }
}
