using EdgeProxy.Routing;

namespace EdgeProxy.Storage;

/// <summary>How one of the tables with few rows is read.</summary>
/// <param name="Name">As the file calls it.</param>
/// <param name="Key">The column that names a row in messages.</param>
/// <param name="Columns">All columns, in the order they are selected; those the file lacks read as NULL.</param>
/// <param name="Needed">Columns the table must have.</param>
/// <param name="RowsMax">More rows than this refuse the file.</param>
/// <param name="Take">Hands the current row on.</param>
internal sealed record SmallTable(
    string Name, string Key, string[] Columns, string[] Needed, int RowsMax, Action<RowFields, RoutingTableBuilder> Take);
