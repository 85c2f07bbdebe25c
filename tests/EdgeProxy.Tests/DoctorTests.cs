using System.Text.Json;

namespace EdgeProxy.Tests;

public sealed class DoctorTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("edgeproxy-host-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("1048576", nameof(DoctorVerdict.Good))]
    [InlineData("unlimited", nameof(DoctorVerdict.Good))]
    [InlineData("524288", nameof(DoctorVerdict.Advice))]
    [InlineData("20000", nameof(DoctorVerdict.Bad))]
    public void Descriptors_WhenTheHardLimitIs_AreJudgedByIt(string hard, string expected)
    {
        Write("/proc/self/limits", $"Limit                     Soft Limit           Hard Limit           Units\n"
            + $"Max open files            1024                 {hard}               files\n");
        Assert.Equal(expected, HostDoctor.Descriptors(Host).Verdict.ToString());
    }

    [Theory]
    [InlineData("net.core.somaxconn", "65535", nameof(DoctorVerdict.Good))]
    [InlineData("net.core.somaxconn", "4096", nameof(DoctorVerdict.Advice))]
    [InlineData("net.ipv4.ip_local_port_range", "1024\t65535", nameof(DoctorVerdict.Good))]
    [InlineData("net.ipv4.ip_local_port_range", "500\t65535", nameof(DoctorVerdict.Good))]
    [InlineData("net.ipv4.ip_local_port_range", "32768\t60999", nameof(DoctorVerdict.Advice))]
    [InlineData("net.ipv4.tcp_tw_reuse", "2", nameof(DoctorVerdict.Advice))]
    [InlineData("net.ipv4.tcp_tw_reuse", "1", nameof(DoctorVerdict.Good))]
    [InlineData("net.ipv4.tcp_fin_timeout", "10", nameof(DoctorVerdict.Good))]
    [InlineData("net.ipv4.tcp_fin_timeout", "60", nameof(DoctorVerdict.Advice))]
    [InlineData("net.ipv4.tcp_fastopen", "1", nameof(DoctorVerdict.Advice))]
    [InlineData("net.ipv4.tcp_fastopen", "1027", nameof(DoctorVerdict.Good))]
    [InlineData("net.ipv4.tcp_rmem", "4096\t131072\t33554432", nameof(DoctorVerdict.Good))]
    [InlineData("net.ipv4.tcp_rmem", "4096\t131072\t6291456", nameof(DoctorVerdict.Advice))]
    [InlineData("net.ipv4.tcp_rmem", "nonsense", nameof(DoctorVerdict.Advice))]
    public void Sysctl_WhenItsValueIs_IsJudgedAgainstTheRecommended(string name, string value, string expected)
    {
        Write("/proc/sys/" + name.Replace('.', '/'), value + "\n");
        DoctorFinding finding = SysctlRule.All.First(r => r.Name == name).Examine(Host);
        Assert.Equal(expected, finding.Verdict.ToString());
        Assert.Equal(expected == nameof(DoctorVerdict.Good), finding.Cure.Length == 0);
    }

    [Fact]
    public void Sysctl_WhenNotReadable_IsNoCrash() =>
        Assert.All(SysctlRule.All, r => Assert.Equal("not readable", r.Examine(Host).Is));

    [Theory]
    [InlineData("1000", "10", nameof(DoctorVerdict.Good))]
    [InlineData("1000", "900", nameof(DoctorVerdict.Bad))]
    public void Conntrack_WhenNearlyFull_IsBad(string max, string count, string expected)
    {
        Write("/proc/sys/net/netfilter/nf_conntrack_max", max);
        Write("/proc/sys/net/netfilter/nf_conntrack_count", count);
        Assert.Equal(expected, HostDoctor.Conntrack(Host).Verdict.ToString());
    }

    [Fact]
    public void Conntrack_WhenNotLoaded_IsGood() => Assert.Equal(DoctorVerdict.Good, HostDoctor.Conntrack(Host).Verdict);

    [Fact]
    public void Congestion_WhenASettingAsksForAnUnknownOne_IsBad()
    {
        Write("/proc/sys/net/ipv4/tcp_available_congestion_control", "reno cubic\n");
        Options options = new();
        Assert.Equal(DoctorVerdict.Good, HostDoctor.Congestion(Host, options).Verdict);
        Assert.Null(options.BackendCongestion.TrySet("bbr", SettingSource.Default));
        Assert.Equal("modprobe tcp_bbr", HostDoctor.Congestion(Host, options).Cure);
    }

    [Theory]
    [InlineData(true, 1_000, nameof(DoctorVerdict.Good))]
    [InlineData(true, 16_000_000, nameof(DoctorVerdict.Advice))]
    [InlineData(false, 1_000, nameof(DoctorVerdict.Advice))]
    public void Clock_WhenNothingKeepsItRight_IsAdvised(bool synchronised, long maxErrorUs, string expected) =>
        Assert.Equal(expected, HostDoctor.Clock(synchronised, maxErrorUs).Verdict.ToString());

    [Fact]
    public void WireGuard_WhenTheModuleIsThereInAnyForm_IsGood()
    {
        Assert.Equal(DoctorVerdict.Advice, HostDoctor.WireGuard(Host).Verdict);
        Write("/proc/sys/kernel/osrelease", "6.1.0-test\n");
        Write("/lib/modules/6.1.0-test/kernel/drivers/net/wireguard/wireguard.ko.xz", "");
        Assert.Equal(DoctorVerdict.Good, HostDoctor.WireGuard(Host).Verdict);
        Write("/lib/modules/6.1.0-test/modules.builtin", "kernel/drivers/net/wireguard/wireguard.ko\n");
        File.Delete(_root + "/lib/modules/6.1.0-test/kernel/drivers/net/wireguard/wireguard.ko.xz");
        Assert.Equal(DoctorVerdict.Good, HostDoctor.WireGuard(Host).Verdict);
    }

    [Fact]
    public void Doctor_WhenAskedForJson_ListsEveryFindingOnce()
    {
        Session session = new();
        session.Run("doctor", "--json");
        using JsonDocument json = JsonDocument.Parse(session.Output);
        string[] names = [.. json.RootElement.EnumerateArray().Select(static f => f.GetProperty("name").GetString()!)];
        Assert.Equal([.. HostDoctor.Examine(Host, new Options()).Select(static f => f.Name)], names);
    }

    [Fact]
    public void Doctor_WhenRunHere_EndsWithDoneOrProblems()
    {
        Session session = new();
        Assert.Contains(session.Run("doctor", "--all"), new[] { ExitCode.Done, ExitCode.Problems });
        Assert.Contains("io_uring", session.Output, StringComparison.Ordinal);
        Assert.Empty(session.Error);
    }

    private HostFiles Host => new(_root);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_root + path)!);
        File.WriteAllText(_root + path, text);
    }
}
