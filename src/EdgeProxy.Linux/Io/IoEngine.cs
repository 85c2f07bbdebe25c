namespace EdgeProxy.Linux;

/// <summary>
/// Which implementation of <see cref="Io"/> a loop runs on; shown in the log, the metrics and /ready.
/// </summary>
public enum IoEngine : byte
{
    Uring,
    Epoll,
    Simulated,
}
