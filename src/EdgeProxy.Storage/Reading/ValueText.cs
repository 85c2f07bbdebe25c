using System.Globalization;
using System.Text;
using System.Text.Unicode;
using EdgeProxy.Routing;

namespace EdgeProxy.Storage;

/// <summary>Values of a hostile file in messages, and what is said when one is of the wrong kind.</summary>
internal static class ValueText
{
    public static readonly (string Problem, string Cure) TextWanted = ("where a text belongs", "store a text in UTF-8");

    public static readonly (string Problem, string Cure) NumberWanted = ("where a number belongs", "store a number, or NULL");

    public static readonly (string Problem, string Cure) WholeWanted =
        ("where a whole number belongs", "store a whole number, without quotes");

    public static readonly (string Problem, string Cure) FlagWanted = ("where 0 or 1 belongs", "store 0 or 1");

    private const int ShownBytesMax = 160;

    /// <summary>Text that is what it looks like: UTF-8 throughout, and nothing behind a zero byte.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> text) => Utf8.IsValid(text) && !text.Contains((byte)0);

    /// <summary>A value short and printable.</summary>
    public static string Shown(ReadOnlySpan<byte> value)
    {
        string text = Encoding.UTF8.GetString(value[..Math.Min(value.Length, ShownBytesMax)]);
        StringBuilder shown = new(text.Length);
        foreach (char c in text) { shown.Append(char.IsControl(c) ? '?' : c); }
        return value.Length > ShownBytesMax ? shown.Append('…').ToString() : shown.ToString();
    }

    public static RowProblem Problem(
        string table, string key, string column, SqliteStatement row, int index, (string Problem, string Cure) wanted)
    {
        string kind = KindOf(row, index); // Asked first: reading a value as text may change what SQLite calls it.
        return new RowProblem(table, key, column, Shown(row.Utf8(index)), $"is {kind} {wanted.Problem}", wanted.Cure);
    }

    private static string KindOf(SqliteStatement row, int index) => row.Type(index) switch
    {
        SqliteType.Null => "NULL",
        SqliteType.Integer => string.Create(CultureInfo.InvariantCulture, $"the number {row.Integer(index)}"),
        SqliteType.Real => "a fraction",
        SqliteType.Blob => "a blob",
        _ => IsPlain(row.Utf8(index)) ? "a text" : "a text that is not UTF-8",
    };
}
