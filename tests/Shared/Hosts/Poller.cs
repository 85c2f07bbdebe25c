namespace EdgeProxy.Testing;

/// <summary>The implementations of the seam a scenario runs on.</summary>
public enum Poller
{
    Uring,
    Epoll,
    Simulated,
}
