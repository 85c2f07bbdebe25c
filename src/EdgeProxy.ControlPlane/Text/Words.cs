using System.Text;

namespace EdgeProxy.ControlPlane;

/// <summary>The words of an enum as logs, metrics and documents spell them: snake_case, UTF-8, made once.</summary>
/// <typeparam name="T">An enum whose values run from 0 without a gap.</typeparam>
internal sealed class Words<T>
    where T : struct, Enum
{
    private readonly byte[][] _words =
        Array.ConvertAll(Enum.GetNames<T>(), static name => Encoding.UTF8.GetBytes(SnakeCase(name)));

    public int Count => _words.Length;

    public ReadOnlySpan<byte> this[int value] => (uint)value < (uint)_words.Length ? _words[value] : "unknown"u8;

    /// <summary>"HalfClosedTimeout" is "half_closed_timeout".</summary>
    private static string SnakeCase(string name)
    {
        StringBuilder words = new(name.Length + 8);
        foreach (char c in name)
        {
            if (char.IsAsciiLetterUpper(c) && words.Length > 0) { words.Append('_'); }
            words.Append(char.ToLowerInvariant(c));
        }

        return words.ToString();
    }
}
