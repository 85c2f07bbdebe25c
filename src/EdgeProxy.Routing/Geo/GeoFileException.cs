namespace EdgeProxy.Routing;

/// <summary>A geo file that cannot be used; the message says what is wrong, where in the file, and the cure.</summary>
public sealed class GeoFileException(string message) : Exception(message);
