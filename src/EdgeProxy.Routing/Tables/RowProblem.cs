namespace EdgeProxy.Routing;

/// <summary>One row that could not be used as it is, told to the person who wrote it.</summary>
/// <param name="Table">The table, as it is called in routing.db.</param>
/// <param name="Row">The row's key; empty when the problem is the whole table's.</param>
/// <param name="Column">The column at fault.</param>
/// <param name="Value">What it holds, shortened.</param>
/// <param name="Problem">What is wrong with it.</param>
/// <param name="Cure">What to do.</param>
public sealed record RowProblem(string Table, string Row, string Column, string Value, string Problem, string Cure)
{
    public override string ToString() => Row.Length == 0
        ? $"{Table}: {Problem}: {Cure}"
        : $"{Table} row '{Row}', column {Column} = '{Value}': {Problem}: {Cure}";
}
