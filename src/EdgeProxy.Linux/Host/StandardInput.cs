using System.Runtime.InteropServices;

namespace EdgeProxy.Linux;

/// <summary>What is piped into a command; System.Console would bring encodings and terminals for it.</summary>
public static unsafe class StandardInput
{
    /// <summary>Whether a person types: nothing was piped in (isatty(3)).</summary>
    public static bool IsTerminal => isatty(0) == 1;

    /// <summary>Reads until the end or until <paramref name="into"/> is full; waits.</summary>
    /// <returns>Bytes read.</returns>
    public static SysResult ReadToEnd(Span<byte> into)
    {
        int total = 0;
        while (total < into.Length)
        {
            SysResult got;
            fixed (byte* first = into[total..]) { got = Libc.Result(read(0, first, (nuint)(into.Length - total))); }
            if (got.Error == Errno.EINTR) { continue; }
            if (!got.Ok) { return got; }
            if (got.Value == 0) { break; }
            total += got.Value;
        }

        return new SysResult(total);
    }

    [DllImport("libc")]
    private static extern nint read(int fd, byte* buffer, nuint count);

    [DllImport("libc")]
    private static extern int isatty(int fd);
}
