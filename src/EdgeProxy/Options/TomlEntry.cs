namespace EdgeProxy;

/// <summary>One <c>key = value</c> of the file, the value as text whatever its type was.</summary>
internal sealed class TomlEntry(string key, string value, int line, int column)
{
    public string Key { get; } = key;

    public string Value { get; } = value;

    public int Line { get; } = line;

    public int Column { get; } = column;
}
