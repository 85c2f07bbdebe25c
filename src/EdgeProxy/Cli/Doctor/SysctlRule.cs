using System.Globalization;

namespace EdgeProxy;

/// <summary>
/// One kernel setting worth having, as docs/operating/kernel.md explains it; a test keeps that page and this list
/// equal.
/// </summary>
internal sealed class SysctlRule(string name, string value, string why)
{
    /// <summary>Its dotted name.</summary>
    public string Name { get; } = name;

    /// <summary>What it should be; several numbers are compared one by one.</summary>
    public string Value { get; } = value;

    /// <summary>What it buys.</summary>
    public string Why { get; } = why;

    public SysctlComparison Comparison { get; init; }

    public static IReadOnlyList<SysctlRule> All { get; } =
    [
        new("net.core.somaxconn", "65535", "longest accept queue: a burst of clients waits instead of being dropped"),
        new("net.ipv4.tcp_max_syn_backlog", "65535", "half-open clients kept before the kernel falls back to SYN cookies"),
        new("net.ipv4.ip_local_port_range", "1024 65535", "connections to one backend address and port at once")
        {
            Comparison = SysctlComparison.Range,
        },
        new("net.ipv4.tcp_tw_reuse", "1", "a port in TIME_WAIT may be used again for a new connection to the same backend")
        {
            Comparison = SysctlComparison.Exactly,
        },
        new("net.ipv4.tcp_fin_timeout", "15", "how long the kernel keeps a half-closed connection nobody owns any more")
        {
            Comparison = SysctlComparison.AtMost,
        },
        new("net.core.rmem_max", "16777216", "receive buffers a program may ask for"),
        new("net.core.wmem_max", "16777216", "send buffers a program may ask for"),
        new("net.ipv4.tcp_rmem", "4096 87380 16777216", "receive window: throughput over a long path is window per round trip"),
        new("net.ipv4.tcp_wmem", "4096 16384 16777216", "send window: throughput over a long path is window per round trip"),
        new("net.ipv4.tcp_fastopen", "3", "TCP Fast Open both ways (FAST_OPEN_LISTEN, FAST_OPEN_BACKENDS): one round trip less")
        {
            Comparison = SysctlComparison.Bits,
        },
        new("net.ipv4.tcp_slow_start_after_idle", "0", "an idle connection keeps its speed when it wakes up")
        {
            Comparison = SysctlComparison.AtMost,
        },
        new("net.ipv4.tcp_mtu_probing", "1", "paths that swallow large packets silently still work"),
        new("net.ipv4.tcp_syncookies", "1", "a SYN flood does not lock real clients out"),
        new("fs.pipe-user-pages-soft", "65536", "pipes of full size for bulk transfers when not running as root"),
    ];

    public DoctorFinding Examine(HostFiles host)
    {
        string? found = host.Sysctl(Name);
        if (found is null) { return new(Name, DoctorVerdict.Advice, "not readable", Value, Why, "Run doctor on the host itself."); }
        found = string.Join(' ', found.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries));
        return Reaches(found)
            ? DoctorFinding.Good(Name, found, Why)
            : new DoctorFinding(Name, DoctorVerdict.Advice, found, Value, Why, Value.Contains(' ', StringComparison.Ordinal) ? $"sysctl -w {Name}='{Value}'" : $"sysctl -w {Name}={Value}");
    }

    private bool Reaches(string found)
    {
        string[] have = found.Split(' ');
        string[] want = Value.Split(' ');
        if (have.Length != want.Length) { return false; }
        for (int i = 0; i < have.Length; i++)
        {
            if (!long.TryParse(have[i], NumberStyles.None, CultureInfo.InvariantCulture, out long number)
                || !Reaches(number, long.Parse(want[i], CultureInfo.InvariantCulture), i))
            {
                return false;
            }
        }

        return true;
    }

    private bool Reaches(long have, long want, int index) => Comparison switch
    {
        SysctlComparison.AtLeast => have >= want,
        SysctlComparison.AtMost => have <= want,
        SysctlComparison.Exactly => have == want,
        SysctlComparison.Bits => (have & want) == want,
        SysctlComparison.Range => index == 0 ? have <= want : have >= want,
        _ => false,
    };
}
