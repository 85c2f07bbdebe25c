namespace EdgeProxy.Testing;

/// <summary>A scenario did not go as it must; the message says on which poller, with which seed, and how everyone stands.</summary>
public sealed class ScenarioException(string message) : Exception(message);
