using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>A program running beside the test: what it prints can be waited for, and it ends with the test.</summary>
internal sealed class ChildProcess : IDisposable
{
    private const int ShownLines = 60;
    private const double TicksPerSecond = 100; // USER_HZ, fixed for user space.

    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly string _name;
    private int _waitedTo;

    private ChildProcess(Process process, string name)
    {
        _process = process;
        _name = name;
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Everything printed so far, both streams.</summary>
    public IReadOnlyList<string> Lines
    {
        get { lock (_lines) { return [.. _lines]; } }
    }

    /// <summary>Descriptors open now.</summary>
    public int Descriptors => Directory.EnumerateFileSystemEntries($"/proc/{Id}/fd").Count();

    public long ResidentBytes => 1024 * long.Parse(
        File.ReadLines($"/proc/{Id}/status").First(static l => l.StartsWith("VmRSS:", StringComparison.Ordinal)).AsSpan(6).Trim(" \tkB"),
        CultureInfo.InvariantCulture);

    /// <summary>CPU time used, user and system (proc(5), fields 14 and 15 of stat).</summary>
    public TimeSpan Cpu
    {
        get
        {
            string[] fields = Stat();
            long ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
            return TimeSpan.FromSeconds(ticks / TicksPerSecond);
        }
    }

    public static ChildProcess Start(string program, params string[] words) => Start(null, [], program, words);

    public static ChildProcess Start(
        string? directory, IEnumerable<(string Name, string Value)> environment, string program, params string[] words)
    {
        ProcessStartInfo start = new(program, words)
        {
            WorkingDirectory = directory ?? "/",
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach ((string name, string value) in environment) { start.Environment[name] = value; }
        return new ChildProcess(Process.Start(start)!, Path.GetFileName(program));
    }

    /// <summary>The next line with <paramref name="text"/> in it after the last one waited for.</summary>
    public string WaitFor(string text)
    {
        long started = Stopwatch.GetTimestamp();
        lock (_lines)
        {
            while (true)
            {
                int found = _lines.FindIndex(_waitedTo, l => l.Contains(text, StringComparison.Ordinal));
                if (found >= 0)
                {
                    _waitedTo = found + 1;
                    return _lines[found];
                }

                TimeSpan left = Patience.Limit - Stopwatch.GetElapsedTime(started);
                if (left <= TimeSpan.Zero || (_process.HasExited && !Monitor.Wait(_lines, 1000)))
                {
                    Assert.Fail($"{_name} never said '{text}' (exited: {_process.HasExited}). Its last words:\n{Tail()}");
                }

                Monitor.Wait(_lines, left > TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : left);
            }
        }
    }

    public void Send(Signal signal) => Assert.Equal(0, kill(Id, (int)signal));

    /// <summary>Stands still from here on, until told to continue.</summary>
    public void Stop()
    {
        Send(Signal.Stop);
        Patience.Until(() => Stat()[0] == "T", $"{_name} standing still");
    }

    /// <summary>Ends it and what it started as SIGKILL does.</summary>
    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        Assert.True(_process.WaitForExit(Patience.Limit), $"{_name} survived a SIGKILL");
    }

    public int WaitForExit()
    {
        if (!_process.WaitForExit(Patience.Limit)) { Assert.Fail($"{_name} did not end in time. Its last words:\n{Tail()}"); }
        _process.WaitForExit(); // Also for the rest of its output.
        return _process.ExitCode;
    }

    public string Tail() => string.Join('\n', Lines.TakeLast(ShownLines));

    public void Dispose()
    {
        if (!_process.HasExited) { Kill(); }
        _process.Dispose();
    }

    /// <summary>Fields of /proc/…/stat from the third on, after the name, which may hold anything (proc(5)).</summary>
    private string[] Stat()
    {
        string stat = File.ReadAllText($"/proc/{Id}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }

    private void Add(string? line)
    {
        if (line is null) { return; }
        lock (_lines)
        {
            _lines.Add(line);
            Monitor.PulseAll(_lines);
        }
    }

    [DllImport("libc")]
    private static extern int kill(int pid, int signal);
}
