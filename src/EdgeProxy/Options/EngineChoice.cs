namespace EdgeProxy;

/// <summary>Which engine the loops are to run on.</summary>
internal enum EngineChoice
{
    /// <summary>io_uring where the kernel allows it, else epoll.</summary>
    Auto,
    Uring,
    Epoll,
}
