using System.Globalization;
using EdgeProxy.Routing;
using static EdgeProxy.Storage.BackendColumns;

namespace EdgeProxy.Storage;

/// <summary>
/// Hands rows of <c>backends</c> on without making a string, an object or a copy of any that is well typed.
/// </summary>
internal static class BackendRows
{
    /// <param name="statement">Stands on the row.</param>
    /// <param name="number">The row's number in the query, from 1: its name when its id is of no use.</param>
    /// <param name="builder">Takes the row, or keeps its previous version.</param>
    public static void Take(SqliteStatement statement, int number, RoutingTableBuilder builder)
    {
        if (statement.Type(Deleted) == SqliteType.Integer && statement.Integer(Deleted) != 0) { return; }
        int bad = FirstMistyped(statement);
        if (bad >= 0)
        {
            Keep(statement, number, bad, builder);
            return;
        }

        builder.AddBackend(new BackendRow
        {
            Id = statement.Utf8(Id),
            App = statement.Utf8(BackendColumns.App),
            Region = statement.Utf8(Region),
            WgIp = statement.Utf8(WgIp),
            Port = statement.Integer(Port),
            Healthy = statement.Integer(Healthy) != 0,
            Weight = statement.Integer(Weight),
            SoftLimit = statement.Integer(SoftLimit),
            HardLimit = statement.Integer(HardLimit),
            Country = statement.Utf8(BackendColumns.Country),
        });
    }

    private static int FirstMistyped(SqliteStatement statement)
    {
        for (int column = 0; column < All.Length; column++)
        {
            SqliteType type = statement.Type(column);
            bool fits = column switch
            {
                Port or Healthy or Weight or SoftLimit or HardLimit => type == SqliteType.Integer,
                Deleted => type is SqliteType.Integer or SqliteType.Null,
                _ => type is SqliteType.Text or SqliteType.Null or SqliteType.Integer, // The builder judges what it says.
            };
            if (!fits) { return column; }
        }

        return -1;
    }

    private static void Keep(SqliteStatement statement, int number, int column, RoutingTableBuilder builder)
    {
        bool named = column != Id && statement.Type(Id) != SqliteType.Null;
        string row = named
            ? ValueText.Shown(statement.Utf8(Id))
            : string.Create(CultureInfo.InvariantCulture, $"row {number}");
        (string, string) wanted = column is Port or Healthy or Weight or SoftLimit or HardLimit or Deleted
            ? ValueText.WholeWanted
            : ValueText.TextWanted;
        RowProblem problem = ValueText.Problem(Table, row, All[column], statement, column, wanted);
        builder.KeepBackend(named ? statement.Utf8(Id) : default, problem);
    }
}
