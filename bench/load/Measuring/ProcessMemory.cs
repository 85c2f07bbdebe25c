using System.Globalization;

namespace EdgeProxy.Load;

/// <summary>
/// A process's own memory in bytes, from smaps_rollup (proc(5)). What its sockets hold in the kernel is not in it.
/// </summary>
/// <param name="RssBytes">Resident, shared pages counted in full.</param>
/// <param name="PssBytes">Resident, each shared page counted by its share.</param>
internal readonly record struct ProcessMemory(long RssBytes, long PssBytes)
{
    public static ProcessMemory Read(IEnumerable<int> pids)
    {
        ProcessMemory sum = default;
        foreach (int pid in pids)
        {
            ProcessMemory one = ReadOne(pid);
            sum = new ProcessMemory(sum.RssBytes + one.RssBytes, sum.PssBytes + one.PssBytes);
        }

        return sum;
    }

    private static ProcessMemory ReadOne(int pid)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines($"/proc/{pid}/smaps_rollup");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default;
        }

        return new ProcessMemory(Find(lines, "Rss:"), Find(lines, "Pss:"));
    }

    private static long Find(string[] lines, string name)
    {
        foreach (string line in lines)
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
            {
                string kib = line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim();
                return 1024 * long.Parse(kib, CultureInfo.InvariantCulture);
            }
        }

        return 0;
    }
}
