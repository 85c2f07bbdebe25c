using System.Globalization;
using EdgeProxy.Linux;

namespace EdgeProxy;

/// <summary>
/// Looks at a host the way docs/operating/kernel.md describes: what is, what should be, what puts it right.
/// </summary>
internal static class HostDoctor
{
    private const long DescriptorsWanted = 1_048_576;
    private const long DescriptorsLeast = 65_536;
    private const int ClockErrorMaxUs = 1_000_000;
    private const int TrackedPercentMax = 80;

    public static IReadOnlyList<DoctorFinding> Examine(HostFiles host, Options options)
    {
        List<DoctorFinding> findings = [Descriptors(host), IoUring(host), Congestion(host, options)];
        foreach (SysctlRule rule in SysctlRule.All) { findings.Add(rule.Examine(host)); }
        findings.Add(Conntrack(host));
        findings.Add(Clock(ClockSync.IsSynchronised(out long maxErrorUs), maxErrorUs));
        findings.Add(Tun(host));
        findings.Add(WireGuard(host));
        return findings;
    }

    internal static DoctorFinding Descriptors(HostFiles host)
    {
        const string Name = "descriptor limit";
        const string Why = "a proxied connection takes two descriptors; the proxy raises its soft limit to the hard one";
        long hard = HardLimit(host.Read("/proc/self/limits") ?? "");
        string found = hard == long.MaxValue ? "unlimited" : hard.ToString(CultureInfo.InvariantCulture);
        if (hard >= DescriptorsWanted) { return DoctorFinding.Good(Name, found, Why); }
        return new(Name, hard < DescriptorsLeast ? DoctorVerdict.Bad : DoctorVerdict.Advice, found,
            DescriptorsWanted.ToString(CultureInfo.InvariantCulture), Why,
            "LimitNOFILE=1048576 in the systemd unit, or ulimit -Hn 1048576 as root in the shell that starts it");
    }

    internal static DoctorFinding IoUring(HostFiles host)
    {
        const string Name = "io_uring";
        const string Why = "a seventh less CPU per connection and round trip than epoll";
        if (UringIo.IsAvailable(out string reason)) { return DoctorFinding.Good(Name, "available", Why); }
        bool disabled = host.Sysctl("kernel.io_uring_disabled") is not (null or "0");
        return new(Name, DoctorVerdict.Advice, $"not available: {reason}", "available", Why, disabled
            ? "sysctl -w kernel.io_uring_disabled=0"
            : "needs Linux 6.1 and, in a container, a seccomp profile that allows io_uring_setup; epoll serves meanwhile");
    }

    internal static DoctorFinding Congestion(HostFiles host, Options options)
    {
        const string Name = "congestion control";
        const string Why = "what the settings ask for must be known to the kernel";
        string known = host.Sysctl("net.ipv4.tcp_available_congestion_control") ?? "";
        string[] names = known.Split(' ');
        foreach (string wanted in new[] { options.ClientCongestion.Value, options.BackendCongestion.Value })
        {
            if (wanted.Length > 0 && Array.IndexOf(names, wanted) < 0)
            {
                return new(Name, DoctorVerdict.Bad, known, wanted, Why, $"modprobe tcp_{wanted}");
            }
        }

        return DoctorFinding.Good(Name, $"{host.Sysctl("net.ipv4.tcp_congestion_control")} of {known}", Why);
    }

    internal static DoctorFinding Conntrack(HostFiles host)
    {
        const string Name = "connection tracking";
        const string Why = "a full table drops new connections of the whole host";
        string? max = host.Sysctl("net.netfilter.nf_conntrack_max");
        string? count = host.Sysctl("net.netfilter.nf_conntrack_count");
        if (max is null || count is null) { return DoctorFinding.Good(Name, "not loaded", Why); }
        bool known = long.TryParse(max, NumberStyles.None, CultureInfo.InvariantCulture, out long most)
            & long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out long used);
        if (known && used * 100 < most * TrackedPercentMax) { return DoctorFinding.Good(Name, $"{count} of {max}", Why); }
        return new(Name, DoctorVerdict.Bad, $"{count} of {max}", $"below {TrackedPercentMax} % used", Why,
            string.Create(CultureInfo.InvariantCulture,
                $"sysctl -w net.netfilter.nf_conntrack_max={most * 4}, or a notrack rule for the proxy's ports"));
    }

    internal static DoctorFinding Clock(bool synchronised, long maxErrorUs)
    {
        const string Name = "clock";
        const string Why = "log lines of several machines can be put in order";
        string error = string.Create(CultureInfo.InvariantCulture, $"off by at most {maxErrorUs / 1000} ms");
        return synchronised && maxErrorUs <= ClockErrorMaxUs
            ? DoctorFinding.Good(Name, $"kept right, {error}", Why)
            : new(Name, DoctorVerdict.Advice, "kept right by nothing", "synchronised", Why,
                "apt-get install chrony, or timedatectl set-ntp true");
    }

    internal static DoctorFinding Tun(HostFiles host)
    {
        const string Name = "TUN device";
        const string Why = "tunnels between POPs will need it; nothing does yet";
        return host.Exists("/dev/net/tun")
            ? DoctorFinding.Good(Name, "available", Why)
            : new(Name, DoctorVerdict.Advice, "absent", "available", Why, "modprobe tun, or --device /dev/net/tun for a container");
    }

    internal static DoctorFinding WireGuard(HostFiles host)
    {
        const string Name = "WireGuard";
        const string Why = "tunnels between POPs can run in the kernel; nothing does yet";
        return host.HasModule("wireguard", "kernel/drivers/net/wireguard/wireguard")
            ? DoctorFinding.Good(Name, "in this kernel", Why)
            : new(Name, DoctorVerdict.Advice, "not in this kernel", "a kernel that has it", Why,
                "modprobe wireguard, or a distribution kernel of Linux 5.6 and later");
    }

    /// <summary>The hard limit of open files as /proc/self/limits gives it (proc(5)); 0 when it is not there.</summary>
    internal static long HardLimit(string limits)
    {
        const string Row = "Max open files";
        foreach (string line in limits.Split('\n'))
        {
            if (!line.StartsWith(Row, StringComparison.Ordinal)) { continue; }
            string[] columns = line[Row.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length < 2) { return 0; }
            if (columns[1] == "unlimited") { return long.MaxValue; }
            return long.TryParse(columns[1], NumberStyles.None, CultureInfo.InvariantCulture, out long hard) ? hard : 0;
        }

        return 0;
    }
}
