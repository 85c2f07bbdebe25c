using EdgeProxy.Routing;

namespace EdgeProxy.Storage;

/// <summary>
/// The current row of a <see cref="SmallTable"/> by column name. SQLite stores anything in any column, so every value
/// is checked for the kind that is asked for; the first that is of another kind is kept as <see cref="Fault"/>.
/// </summary>
internal sealed class RowFields(SmallTable table, SqliteStatement row)
{
    /// <summary>The first value of this row that was not of the kind asked for.</summary>
    public RowProblem? Fault { get; private set; }

    /// <summary>The row's key; what is no UTF-8 in it shows as U+FFFD.</summary>
    public string Key => row.Text(ColumnOf(table.Key));

    /// <summary>To be called when a new row has come.</summary>
    public void Start() => Fault = null;

    /// <summary>A text, or a whole number as its digits; null for NULL.</summary>
    public string? Text(string column)
    {
        int index = ColumnOf(column);
        switch (row.Type(index))
        {
            case SqliteType.Null:
                return null;
            case SqliteType.Text or SqliteType.Integer when ValueText.IsPlain(row.Utf8(index)):
                return row.Text(index);
            default:
                Blame(column, index, ValueText.TextWanted);
                return null;
        }
    }

    public double? Number(string column)
    {
        int index = ColumnOf(column);
        switch (row.Type(index))
        {
            case SqliteType.Null:
                return null;
            case SqliteType.Integer or SqliteType.Real:
                return row.Real(index);
            default:
                Blame(column, index, ValueText.NumberWanted);
                return null;
        }
    }

    public long? Whole(string column)
    {
        int index = ColumnOf(column);
        switch (row.Type(index))
        {
            case SqliteType.Null:
                return null;
            case SqliteType.Integer:
                return row.Integer(index);
            default:
                Blame(column, index, ValueText.WholeWanted);
                return null;
        }
    }

    /// <summary>0 or 1.</summary>
    public bool? Flag(string column)
    {
        long? value = Whole(column);
        if (value is null or 0 or 1) { return value is null ? null : value == 1; }
        Blame(column, ColumnOf(column), ValueText.FlagWanted);
        return null;
    }

    private int ColumnOf(string column)
    {
        int index = Array.IndexOf(table.Columns, column);
        Invariant.Holds(index >= 0);
        return index;
    }

    private void Blame(string column, int index, (string Problem, string Cure) wanted) =>
        Fault ??= ValueText.Problem(table.Name, ValueText.Shown(row.Utf8(ColumnOf(table.Key))), column, row, index, wanted);
}
