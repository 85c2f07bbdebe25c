using System.Runtime.InteropServices;

namespace EdgeProxy.Linux;

/// <summary>
/// Random bits from the kernel (getrandom(2)); System.Security.Cryptography would load OpenSSL for them.
/// </summary>
public static unsafe class KernelRandom
{
    /// <summary>64 bits nobody can guess.</summary>
    public static ulong Next()
    {
        // Up to 256 bytes come whole and, once the pool is initialised at boot, at once: nothing to retry but EINTR.
        ulong value;
        while (getrandom(&value, sizeof(ulong), 0) != sizeof(ulong)) { }
        return value;
    }

    /// <summary>Bytes nobody can guess, at most 256.</summary>
    public static void Fill(Span<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            while (getrandom(first, (nuint)bytes.Length, 0) != bytes.Length) { }
        }
    }

    [DllImport("libc")]
    private static extern nint getrandom(void* buffer, nuint length, uint flags);
}
