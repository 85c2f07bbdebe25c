using System.Buffers;
using System.Text;
using System.Text.Json;
using EdgeProxy.Linux;

namespace EdgeProxy;

/// <summary>Where a command writes: results to <see cref="Out"/>, complaints to <see cref="Error"/>.</summary>
/// <param name="colours">Colour escape sequences are wanted (ECMA-48 SGR).</param>
internal sealed class Terminal(TextWriter output, TextWriter error, bool colours)
{
    public TextWriter Out { get; } = output;

    public TextWriter Error { get; } = error;

    public bool Colours { get; } = colours;

    /// <summary>
    /// The process's own, in colour only on a terminal and unless NO_COLOR (no-color.org) says otherwise.
    /// </summary>
    public static Terminal OfProcess()
    {
        bool plain = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            || string.Equals(Environment.GetEnvironmentVariable("TERM"), "dumb", StringComparison.Ordinal)
            || !StandardStream.Output.IsTerminal || !StandardStream.Error.IsTerminal;
        return new Terminal(StandardStream.Output, StandardStream.Error, !plain);
    }

    public string Good(string text) => Paint("32", text);

    public string Warning(string text) => Paint("33", text);

    public string Bad(string text) => Paint("31", text);

    public string Strong(string text) => Paint("1", text);

    public string Faint(string text) => Paint("2", text);

    /// <summary>One complaint with its cure, the way every command says it.</summary>
    public void Complain(string problem, string cure)
    {
        Error.WriteLine($"{Bad("error:")} {problem}");
        if (cure.Length > 0) { Error.WriteLine($"       {cure}"); }
    }

    /// <summary>Prints one JSON document on a line of its own.</summary>
    public void WriteJson(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = new(bytes)) { write(json); }
        Out.WriteLine(Encoding.UTF8.GetString(bytes.WrittenSpan));
    }

    private string Paint(string code, string text) => Colours ? $"\u001b[{code}m{text}\u001b[0m" : text;
}
