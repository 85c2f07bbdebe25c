using System.Text;

namespace EdgeProxy.Fuzz;

/// <summary>
/// A wg-quick file: what it says, or problems with their lines; and what it says is said the same when written again.
/// </summary>
internal static class WgQuickTarget
{
    public static void Run(ReadOnlySpan<byte> input)
    {
        string text = Encoding.UTF8.GetString(input);
        WgQuickFile file =
            WgQuickReader.Read(text, out IReadOnlyList<string> warnings, out IReadOnlyList<string> problems);
        int lines = 1 + text.AsSpan().Count('\n') + text.AsSpan().Count('\r')
            + text.Count(static c => c is '\f' or '\u0085' or '\u2028' or '\u2029');
        foreach (string said in warnings.Concat(problems))
        {
            Truth.Holds(said.StartsWith("line ", StringComparison.Ordinal), "what is said has its line");
            int line =
                int.Parse(said.AsSpan(5, said.IndexOf(':', StringComparison.Ordinal) - 5),
                System.Globalization.CultureInfo.InvariantCulture);
            Truth.Holds(line >= 1 && line <= lines, "the line is one of the file");
            Truth.Holds(!said.Any(char.IsControl), "a message is plain text");
        }

        string once = WgQuickWriter.Write(file);
        WgQuickFile again = WgQuickReader.Read(once, out warnings, out problems);
        Truth.Holds(warnings.Count == 0 && problems.Count == 0, "what is written is all understood");
        Truth.Holds(WgQuickWriter.Write(again) == once, "a file reads the same when written again");
    }
}
