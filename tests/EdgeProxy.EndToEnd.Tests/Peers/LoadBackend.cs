using System.Net;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>A backend of the load generator, in a process of its own that can be stopped and killed.</summary>
internal sealed class LoadBackend : IDisposable
{
    /// <param name="words">Its kind and options: <c>echo</c>, <c>source</c>, <c>sink</c>, <c>integrity-backend</c>.</param>
    public LoadBackend(params string[] words)
    {
        Process = ChildProcess.Start(Programs.Load, [.. words, "--listen", "127.0.0.1:0"]);
        At = IPEndPoint.Parse(Process.WaitFor("listening ")["listening ".Length..]);
    }

    public ChildProcess Process { get; }

    public IPEndPoint At { get; }

    public void Dispose() => Process.Dispose();
}
