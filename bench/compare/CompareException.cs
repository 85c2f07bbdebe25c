namespace EdgeProxy.Compare;

/// <summary>Something the person at the keyboard can cure; the message says what.</summary>
internal sealed class CompareException(string message) : Exception(message);
