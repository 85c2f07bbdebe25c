using System.Runtime.InteropServices;
using System.Text;

namespace EdgeProxy.Linux;

/// <summary>
/// Standard output or error as a writer of UTF-8 lines: write(2), nothing kept back. System.Console would bring
/// terminal descriptions, encodings and colours, 0.1 MB, for the few lines a command prints.
/// </summary>
public sealed unsafe class StandardStream(Fd descriptor) : TextWriter
{
    private const int StackBytes = 1024;

    public static StandardStream Output { get; } = new(new Fd(1));

    public static StandardStream Error { get; } = new(new Fd(2));

    /// <summary>Whether a person's terminal is at the other end (isatty(3)).</summary>
    public bool IsTerminal => isatty(descriptor.Number) == 1;

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        int most = Encoding.UTF8.GetMaxByteCount(buffer.Length);
        Span<byte> bytes = most <= StackBytes ? stackalloc byte[StackBytes] : new byte[most];
        Put(bytes[..Encoding.UTF8.GetBytes(buffer, bytes)]);
    }

    public override void WriteLine() => Write('\n');

    /// <summary>A line goes out in one call, so that lines of several programs on one terminal stay whole.</summary>
    public override void WriteLine(string? value) => Write(value + "\n");

    private void Put(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            SysResult written;
            fixed (byte* first = bytes) { written = Libc.Result(Libc.write(descriptor.Number, first, (nuint)bytes.Length)); }
            if (written.Error == Errno.EINTR) { continue; }
            if (!written.Ok) { return; } // Nobody reads any more, or the disk is full: there is nowhere left to say so.
            bytes = bytes[written.Value..];
        }
    }

    [DllImport("libc")]
    private static extern int isatty(int fd);
}
