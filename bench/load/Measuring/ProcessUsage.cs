using System.Globalization;

namespace EdgeProxy.Load;

/// <summary>What processes have used so far, as /proc tells (proc(5)): all their threads, and their children.</summary>
/// <param name="CpuNs">Time on a core, from each thread's schedstat: exact, where stat counts in ticks of 10 ms.</param>
/// <param name="UserNs">The user part, from stat's ticks.</param>
/// <param name="SystemNs">The kernel part, from stat's ticks.</param>
/// <param name="Threads">Threads now.</param>
/// <param name="Descriptors">Descriptors now.</param>
internal readonly record struct ProcessUsage(long CpuNs, long UserNs, long SystemNs, int Threads, int Descriptors)
{
    private const long TickNs = 1_000_000_000 / 100; // USER_HZ, fixed by the ABI of every architecture .NET runs on.

    public static ProcessUsage Read(IEnumerable<int> pids)
    {
        ProcessUsage sum = default;
        foreach (int pid in pids)
        {
            sum += ReadOne(pid);
        }

        return sum;
    }

    public static ProcessUsage operator +(ProcessUsage a, ProcessUsage b) => new(
        a.CpuNs + b.CpuNs,
        a.UserNs + b.UserNs,
        a.SystemNs + b.SystemNs,
        a.Threads + b.Threads,
        a.Descriptors + b.Descriptors);

    public ProcessUsage Since(in ProcessUsage earlier) => this with
    {
        CpuNs = CpuNs - earlier.CpuNs,
        UserNs = UserNs - earlier.UserNs,
        SystemNs = SystemNs - earlier.SystemNs,
    };

    /// <summary>The processes and all that descend from them.</summary>
    public static IReadOnlyList<int> WithChildren(IReadOnlyList<int> pids)
    {
        Dictionary<int, int> parents = [];
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out int pid))
            {
                string[] stat = Stat(pid);
                parents[pid] = stat.Length > 1 ? int.Parse(stat[1], CultureInfo.InvariantCulture) : 0;
            }
        }

        return [.. parents.Keys.Where(pid => DescendsFrom(pid, parents, pids))];
    }

    private static bool DescendsFrom(int pid, Dictionary<int, int> parents, IReadOnlyList<int> roots)
    {
        const int DepthMax = 64;
        for (int depth = 0; depth < DepthMax && pid != 0; depth++)
        {
            if (roots.Contains(pid))
            {
                return true;
            }

            pid = parents.GetValueOrDefault(pid);
        }

        return false;
    }

    private static ProcessUsage ReadOne(int pid)
    {
        long cpu = 0;
        int threads = 0;
        try
        {
            foreach (string task in Directory.EnumerateDirectories($"/proc/{pid}/task"))
            {
                cpu += long.Parse(File.ReadAllText($"{task}/schedstat").Split(' ')[0], CultureInfo.InvariantCulture);
                threads++;
            }
        }
        catch (IOException)
        {
            // A thread that ends meanwhile takes its time along; the relay threads do not end.
        }

        string[] stat = Stat(pid);
        return stat.Length < 13 ? default : new ProcessUsage(
            cpu, TickNs * Number(stat[11]), TickNs * Number(stat[12]), threads, CountDescriptors(pid));
    }

    /// <summary>The fields of /proc/PID/stat after the command name; empty when the process is gone.</summary>
    private static string[] Stat(int pid)
    {
        try
        {
            string text = File.ReadAllText($"/proc/{pid}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static int CountDescriptors(int pid)
    {
        try
        {
            return Directory.GetFileSystemEntries($"/proc/{pid}/fd").Length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0; // Another user's process: not ours to look into.
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
