namespace EdgeProxy;

/// <summary>One <c>key = value</c> of the file, the value as text whatever its type was.</summary>
internal readonly record struct TomlEntry(string Key, string Value, int Line, int Column);
