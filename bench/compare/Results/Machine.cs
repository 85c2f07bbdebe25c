using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgeProxy.Compare;

/// <summary>Where and with what was measured.</summary>
internal sealed record Machine(
    string Processor, int Cores, string Kernel, string Date, IReadOnlyDictionary<string, string> Versions)
{
    public static async Task<Machine> ReadAsync()
    {
        string[] cpus = await File.ReadAllLinesAsync("/proc/cpuinfo");
        string model = cpus.FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) ?? ":";
        Dictionary<string, string> versions = new(StringComparer.Ordinal)
        {
            ["haproxy"] = await VersionAsync("/usr/sbin/haproxy", "-v"),
            ["nginx"] = await VersionAsync("/usr/sbin/nginx", "-v"),
            ["edgeproxy"] = await VersionAsync("git", "describe", "--always", "--dirty"),
        };
        return new Machine(
            model[(model.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim(),
            Environment.ProcessorCount,
            (await File.ReadAllTextAsync("/proc/sys/kernel/osrelease")).Trim(),
            DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            versions);
    }

    private static async Task<string> VersionAsync(string program, params string[] arguments)
    {
        (_, string output, string error) = await Shell.TryRunAsync(new CommandLine(program, arguments));
        return Regex.Match(output + error, @"\d+\.\d+[\w.+-]*|[0-9a-f]{7,}[\w-]*").Value;
    }
}
