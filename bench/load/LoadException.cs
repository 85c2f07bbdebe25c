namespace EdgeProxy.Load;

/// <summary>Something the person at the keyboard can cure; the message says what, and is all that is shown.</summary>
internal sealed class LoadException(string message) : Exception(message);
