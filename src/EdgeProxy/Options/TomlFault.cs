namespace EdgeProxy;

/// <summary>Text that is not TOML, found where the scanner stands.</summary>
internal sealed class TomlFault(string message) : Exception(message);
