namespace EdgeProxy.Linux;

/// <summary>
/// Anonymous memory outside the managed heap, zeroed, backed by pages only as they are touched (mmap(2)).
/// </summary>
internal static unsafe class Memory
{
    internal static void* Map(nuint bytes)
    {
        void* address = Libc.mmap(
            null, bytes, Kernel.PROT_READ | Kernel.PROT_WRITE,
            Kernel.MAP_PRIVATE | Kernel.MAP_ANONYMOUS | Kernel.MAP_NORESERVE, -1, 0);
        return (nint)address == -1 ? throw new InvalidOperationException($"mmap of {bytes} bytes: {Libc.LastError}") : address;
    }

    /// <summary>
    /// Gives the pages back to the system; they are zero when they are next touched (madvise(2), MADV_DONTNEED).
    /// </summary>
    internal static void Release(void* address, nuint bytes) => Libc.madvise(address, bytes, Kernel.MADV_DONTNEED);

    internal static void Unmap(void* address, nuint bytes) => Libc.munmap(address, bytes);
}
