using System.Buffers.Text;
using System.Globalization;
using EdgeProxy.Linux;
using Microsoft.Win32.SafeHandles;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// What the kernel knows about this process, read from files of /proc/self (proc(5)) that are kept open, into the same
/// buffer: nothing is allocated. One thread reads.
/// </summary>
internal sealed class ProcessFigures : IDisposable
{
    private const int PageBytes = 4_096;
    private const int TicksPerSecond = 100; // USER_HZ, fixed for user space.

    private readonly SafeFileHandle _memory = File.OpenHandle("/proc/self/statm");
    private readonly SafeFileHandle _limits = File.OpenHandle("/proc/self/limits");
    private readonly byte[] _text = new byte[4_096];

    public ProcessFigures() => StartSeconds = ReadStartSeconds();

    /// <summary>When the process started, in seconds of Unix time.</summary>
    public double StartSeconds { get; }

    public long VirtualBytes { get; private set; }

    public long ResidentBytes { get; private set; }

    public double CpuSeconds { get; private set; }

    /// <summary>Open descriptors, -1 when even counting them needed one too many.</summary>
    public int Descriptors { get; private set; }

    /// <summary>The soft limit of descriptors.</summary>
    public long DescriptorsMax { get; private set; }

    public void Refresh()
    {
        ReadOnlySpan<byte> memory = Read(_memory);
        _ = Utf8Parser.TryParse(memory, out long pages, out int used);
        _ = Utf8Parser.TryParse(memory[(used + 1)..], out long residentPages, out _);
        VirtualBytes = pages * PageBytes;
        ResidentBytes = residentPages * PageBytes;
        CpuSeconds = Environment.CpuUsage.TotalTime.TotalSeconds;
        DescriptorsMax = LimitOf(Read(_limits), "Max open files"u8);
        SysResult count = DescriptorCount.Read();
        Descriptors = count.Ok ? count.Value : -1;
    }

    public void Dispose()
    {
        _memory.Dispose();
        _limits.Dispose();
    }

    private ReadOnlySpan<byte> Read(SafeFileHandle file) => _text.AsSpan(0, RandomAccess.Read(file, _text, 0));

    private static long LimitOf(ReadOnlySpan<byte> limits, ReadOnlySpan<byte> name)
    {
        int at = limits.IndexOf(name);
        if (at < 0) { return 0; }
        ReadOnlySpan<byte> soft = limits[(at + name.Length)..].TrimStart((byte)' ');
        return Utf8Parser.TryParse(soft, out long value, out _) ? value : 0; // "unlimited" cannot be had for descriptors.
    }

    /// <summary>Field 22 of stat is in ticks since boot; btime of /proc/stat says when that was.</summary>
    private static double ReadStartSeconds()
    {
        string stat = TextFile.Read("/proc/self/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' '); // The name may hold anything; fields from 3 on.
        string boot = Array.Find(TextFile.ReadLines("/proc/stat"), static l => l.StartsWith("btime ", StringComparison.Ordinal))!;
        return Number(boot.AsSpan("btime ".Length)) + (Number(fields[19]) / TicksPerSecond);
    }

    private static double Number(ReadOnlySpan<char> text) => double.Parse(text, CultureInfo.InvariantCulture);
}
