using EdgeProxy.Routing;

namespace EdgeProxy.Storage;

/// <summary>How one of the tables with few rows is read.</summary>
internal sealed class SmallTable(
    string name,
    string key,
    string[] columns,
    string[] needed,
    int rowsMax,
    Action<RowFields, RoutingTableBuilder> take)
{
    /// <summary>As the file calls it.</summary>
    public string Name { get; } = name;

    /// <summary>The column that names a row in messages.</summary>
    public string Key { get; } = key;

    /// <summary>All columns, in the order they are selected; those the file lacks read as NULL.</summary>
    public string[] Columns { get; } = columns;

    /// <summary>Columns the table must have.</summary>
    public string[] Needed { get; } = needed;

    /// <summary>More rows than this refuse the file.</summary>
    public int RowsMax { get; } = rowsMax;

    /// <summary>Hands the current row on.</summary>
    public Action<RowFields, RoutingTableBuilder> Take { get; } = take;
}
