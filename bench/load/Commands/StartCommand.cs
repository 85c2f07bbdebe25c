using System.Diagnostics;
using ConsoleAppFramework;

namespace EdgeProxy.Load;

/// <summary>How long a proxy takes from exec to the first byte it has relayed.</summary>
internal sealed unsafe class StartCommand
{
    private const int TimesMax = 1000;
    private const double SecondsMax = 20;
    private const int ECONNREFUSED = 111;
    private const int SIGTERM = 15;

    /// <summary>Start a proxy over and over and time the first byte through it.</summary>
    /// <param name="target">Where the proxy will listen; its backend is `load echo`.</param>
    /// <param name="command">The proxy's command line, split at spaces; it must stay in the foreground.</param>
    /// <param name="proxyCpu">Core for the proxy; this program keeps to --cpu.</param>
    /// <param name="times">How many starts.</param>
    public int Start(
        ConsoleAppContext context, [Argument] string target, string command, int proxyCpu = -1, int times = 5)
    {
        CommonOptions common = (CommonOptions)context.GlobalOptions!;
        SocketAddress address = SocketAddress.Parse(target);
        double[] milliseconds = new double[Math.Clamp(times, 1, TimesMax)];
        for (int i = 0; i < milliseconds.Length; i++)
        {
            WaitUntilFree(address);
            milliseconds[i] = Once(address, command.Split(' '), proxyCpu, common.Cpu);
        }

        Array.Sort(milliseconds);
        Report.Write(json =>
        {
            json.WriteString("mode", "start");
            json.WriteNumber("starts", milliseconds.Length);
            Report.Number(json, "first_byte_ms_p50", milliseconds[milliseconds.Length / 2]);
            Report.Number(json, "first_byte_ms_min", milliseconds[0]);
            Report.Number(json, "first_byte_ms_max", milliseconds[^1]);
        });
        return 0;
    }

    private static double Once(in SocketAddress target, string[] command, int proxyCpu, int ownCpu)
    {
        ProcessStartInfo info = new(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        Host.Pin(proxyCpu); // A child inherits the core of the thread that forks it.
        long started = Stopwatch.GetTimestamp();
        using Process proxy = Process.Start(info) ?? throw new LoadException($"cannot start {command[0]}");
        Host.Pin(ownCpu);
        try
        {
            while (!Relayed(target))
            {
                if (proxy.HasExited || Stopwatch.GetElapsedTime(started).TotalSeconds > SecondsMax)
                {
                    throw new LoadException($"{command[0]} relayed nothing within {SecondsMax} s");
                }
            }

            return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }
        finally
        {
            End(proxy);
        }
    }

    /// <summary>One attempt: connect, send a byte, wait for its echo. Refused attempts take about ten microseconds.</summary>
    private static bool Relayed(in SocketAddress target)
    {
        const int EchoTimeoutMs = 1000;
        byte* bytes = stackalloc byte[1];
        int fd = Net.Open(target.Family);
        try
        {
            int connected = Net.Connect(fd, target);
            if (connected is not 0 and not -Net.EINPROGRESS || Net.Send(fd, bytes, 1) != 1)
            {
                return false;
            }

            using Poller poller = new();
            poller.Add(fd, Poller.In | Poller.PeerFinished);
            return poller.Wait(EchoTimeoutMs) > 0 && Net.Receive(fd, bytes, 1) == 1;
        }
        finally
        {
            Net.Close(fd);
        }
    }

    /// <summary>
    /// The kernel takes an io_uring apart after its process has ended, and until then a listener with an accept in
    /// flight goes on taking connections that nobody serves.
    /// </summary>
    private static void WaitUntilFree(in SocketAddress target)
    {
        long started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started).TotalSeconds < SecondsMax)
        {
            int fd = Net.Open(target.Family);
            int connected = Net.Connect(fd, target);
            bool refused = connected == -ECONNREFUSED || Net.Error(fd) == ECONNREFUSED;
            Net.Close(fd);
            if (refused)
            {
                return;
            }
        }

        throw new LoadException($"another program listens on {target}");
    }

    private static void End(Process proxy)
    {
        const int GraceMs = 5000;
        _ = Libc.kill(proxy.Id, SIGTERM);
        if (!proxy.WaitForExit(GraceMs))
        {
            proxy.Kill(entireProcessTree: true);
            proxy.WaitForExit();
        }
    }
}
