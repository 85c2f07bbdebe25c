using System.Text;
using System.Text.Json;

namespace EdgeProxy;

/// <summary>
/// JSON for people: one value a line, indented under its name. It reads token by token: a document in memory would
/// bring OpenSSL with it, for the seed of its hash of names.
/// </summary>
internal static class JsonOutline
{
    private const int Indent = 2;

    /// <summary>Prints an object, without the "ok" of an answer.</summary>
    public static void Write(TextWriter output, ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json);
        if (reader.Read()) { WriteMembers(output, ref reader, json, 0); }
    }

    /// <summary>A text of the outermost object; null when it is not there.</summary>
    public static string? Text(ReadOnlySpan<byte> json, string name)
    {
        Utf8JsonReader reader = new(json);
        if (!reader.Read()) { return null; }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isWanted = reader.ValueTextEquals(name);
            if (!reader.Read()) { return null; }
            if (isWanted) { return reader.TokenType == JsonTokenType.String ? reader.GetString() : null; }
            reader.Skip();
        }

        return null;
    }

    private static void WriteMembers(TextWriter output, ref Utf8JsonReader reader, ReadOnlySpan<byte> json, int depth)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            _ = reader.Read();
            if (name != "ok") { WriteNamed(output, ref reader, json, name, depth); }
        }
    }

    private static void WriteNamed(TextWriter output, ref Utf8JsonReader reader, ReadOnlySpan<byte> json, string name, int depth)
    {
        string margin = new(' ', depth * Indent);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                output.WriteLine($"{margin}{name}:");
                WriteMembers(output, ref reader, json, depth + 1);
                break;
            case JsonTokenType.StartArray:
                WriteItems(output, ref reader, json, $"{margin}{name}:", depth + 1);
                break;
            default:
                output.WriteLine($"{margin}{name}: {Value(ref reader, json)}");
                break;
        }
    }

    private static void WriteItems(TextWriter output, ref Utf8JsonReader reader, ReadOnlySpan<byte> json, string head, int depth)
    {
        bool isEmpty = true;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; isEmpty = false)
        {
            if (isEmpty) { output.WriteLine(head); }
            output.WriteLine($"{new string(' ', depth * Indent)}- {Item(ref reader, json)}");
        }

        if (isEmpty) { output.WriteLine($"{head} none"); }
    }

    /// <summary>An object of a list on one line, anything else as it is.</summary>
    private static string Item(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (reader.TokenType != JsonTokenType.StartObject) { return Value(ref reader, json); }
        StringBuilder line = new();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (line.Length > 0) { line.Append("  "); }
            line.Append(reader.GetString()).Append('=');
            _ = reader.Read();
            line.Append(Value(ref reader, json));
        }

        return line.ToString();
    }

    /// <summary>A text without its quotes, nothing for null, the rest as JSON has it.</summary>
    private static string Value(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (reader.TokenType == JsonTokenType.String) { return reader.GetString()!; }
        if (reader.TokenType == JsonTokenType.Null) { return ""; }
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        return Encoding.UTF8.GetString(json[start..(int)reader.BytesConsumed]);
    }
}
