namespace EdgeProxy.EndToEnd.Tests;

/// <summary>What a test of the data plane runs on.</summary>
public static class Engines
{
    public static TheoryData<string> All => ["uring", "epoll"];
}
