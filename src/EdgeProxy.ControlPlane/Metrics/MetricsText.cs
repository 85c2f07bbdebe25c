using System.Buffers;
using System.Text.Unicode;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// Writes samples in the Prometheus text format 0.0.4 without allocating: a family's introduction, then its samples,
/// each a name, labels and a value on one line. Label values may hold anything; they are escaped as the format asks.
/// </summary>
internal readonly ref struct MetricsText(PageBuffer page)
{
    private const int LabelBytesMax = 256;

    private static readonly SearchValues<byte> s_escaped = SearchValues.Create("\\\"\n"u8);

    /// <summary>Introduces a family; its samples follow.</summary>
    public void Family(MetricFamily family) => page.Append(family.Introduction);

    /// <summary>A whole family of one sample without labels.</summary>
    public void Single(MetricFamily family, long value)
    {
        Family(family);
        page.Append(family.Name);
        Value(value);
    }

    /// <inheritdoc cref="Single(MetricFamily, long)"/>
    public void Single(MetricFamily family, double value)
    {
        Family(family);
        page.Append(family.Name);
        Value(value);
    }

    /// <summary>Begins a sample: its name, then labels, then one of the values.</summary>
    /// <param name="family">Introduced before.</param>
    /// <param name="suffix">What a histogram's parts add to the name, empty otherwise.</param>
    public void Begin(MetricFamily family, ReadOnlySpan<byte> suffix = default)
    {
        page.Append(family.Name);
        page.Append(suffix);
    }

    /// <summary>The first label of a sample.</summary>
    public void First(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => Label('{', name, value);

    /// <inheritdoc cref="First(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public void First(ReadOnlySpan<byte> name, ReadOnlySpan<char> value) => Label('{', name, value);

    /// <summary>Another label.</summary>
    public void Next(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => Label(',', name, value);

    /// <inheritdoc cref="Next(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public void Next(ReadOnlySpan<byte> name, ReadOnlySpan<char> value) => Label(',', name, value);

    /// <summary>A label that is a number.</summary>
    public void First(ReadOnlySpan<byte> name, long value)
    {
        Open('{', name);
        page.AppendNumber(value);
        page.Append('"');
    }

    /// <summary>Ends the labels and the sample.</summary>
    public void Labelled(long value)
    {
        page.Append('}');
        Value(value);
    }

    /// <inheritdoc cref="Labelled(long)"/>
    public void Labelled(double value)
    {
        page.Append('}');
        Value(value);
    }

    private void Value(long value)
    {
        page.Append(' ');
        page.AppendNumber(value);
        page.Append('\n');
    }

    private void Value(double value)
    {
        page.Append(' ');
        page.AppendNumber(value);
        page.Append('\n');
    }

    private void Label(char before, ReadOnlySpan<byte> name, ReadOnlySpan<char> value)
    {
        Span<byte> bytes = stackalloc byte[LabelBytesMax];
        _ = Utf8.FromUtf16(value, bytes, out _, out int written); // What is too long ends at a whole character.
        Label(before, name, bytes[..written]);
    }

    private void Label(char before, ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value)
    {
        Open(before, name);
        while (value.IndexOfAny(s_escaped) is >= 0 and int special)
        {
            page.Append(value[..special]);
            page.Append('\\');
            page.Append(value[special] == '\n' ? 'n' : (char)value[special]);
            value = value[(special + 1)..];
        }

        page.Append(value);
        page.Append('"');
    }

    private void Open(char before, ReadOnlySpan<byte> name)
    {
        page.Append(before);
        page.Append(name);
        page.Append("=\""u8);
    }
}
