using System.Text;

namespace EdgeProxy.Routing;

/// <summary>
/// The problems of one build, bounded: a file with a million bad rows must not become a million messages.
/// </summary>
internal sealed class ProblemList
{
    /// <summary>Problems told one by one.</summary>
    public const int ListedMax = 1_000;

    private const int ValueLengthMax = 80;

    private readonly List<RowProblem> _listed = [];
    private long _unlisted;

    public void Add(RowProblem problem)
    {
        if (_listed.Count < ListedMax) { _listed.Add(problem); }
        else { _unlisted++; }
    }

    public void Add(string table, string row, string column, string value, string problem, string cure)
    {
        if (_listed.Count < ListedMax) { _listed.Add(new RowProblem(table, row, column, value, problem, cure)); }
        else { _unlisted++; }
    }

    public List<RowProblem> ToList()
    {
        if (_unlisted > 0)
        {
            _listed.Add(new RowProblem(
                "", "", "", "", $"{_unlisted} more problems are not listed", "mend those listed and look again"));
        }

        return _listed;
    }

    /// <summary>A value as a message may show it: short, and without control characters.</summary>
    public static string Shown(ReadOnlySpan<char> value)
    {
        StringBuilder shown = new();
        foreach (char c in value[..Math.Min(value.Length, ValueLengthMax)]) { shown.Append(char.IsControl(c) ? '?' : c); }
        return value.Length > ValueLengthMax ? shown.Append('…').ToString() : shown.ToString();
    }

    /// <summary>The same for UTF-8, where what is not UTF-8 shows as a replacement character.</summary>
    public static string Shown(ReadOnlySpan<byte> value) =>
        Shown(Encoding.UTF8.GetString(value[..Math.Min(value.Length, ValueLengthMax * 4)]));
}
