using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EdgeProxy.Load;

/// <summary>
/// A load on one thread in three steps: prepare (open what is needed), warm up, measure. Connections are known by
/// their descriptor. Ends at the seconds or at the count of units, whichever comes first.
/// </summary>
internal abstract unsafe class Client : IDisposable
{
    /// <summary>Connections being set up at once while preparing: less than any sane listen backlog.</summary>
    protected const int OpeningMax = 128;

    protected const int BufferBytes = 128 * 1024;

    private const int PrepareSecondsMax = 60;
    private const int ErrorsMax = 10_000;
    private const int WaitMs = 50;

    private readonly SocketAddress _target;
    private readonly CommonOptions _common;
    private readonly Poller _poller = new();
    private int _opened;

    protected Client(in SocketAddress target, CommonOptions common)
    {
        _target = target;
        _common = common;
        Host.Pin(common.Cpu);
        DescriptorsMax = Host.RaiseDescriptorLimit();
    }

    /// <summary>What is counted: "connection", "round_trip", "byte".</summary>
    public abstract string Unit { get; }

    public long Errors { get; private set; }

    /// <summary>errno of the last error; 0 for an unexpected FIN.</summary>
    public int LastErrno { get; private set; }

    /// <summary>
    /// A backend that this thread serves as well. It polls then and never sleeps, so that no wake-up of a core but the
    /// proxy's own is part of what is measured.
    /// </summary>
    public Backend? Beside { get; init; }

    /// <summary>Units done while measuring.</summary>
    public long Units { get; protected set; }

    /// <summary>Of one unit, while measuring.</summary>
    public Histogram Latency { get; } = new();

    protected bool Measuring { get; private set; }

    protected int DescriptorsMax { get; }

    protected byte* Buffer { get; } = (byte*)NativeMemory.AllocZeroed(BufferBytes);

    /// <summary>Runs the load and returns how long was measured and what the proxy and the load used meanwhile.</summary>
    /// <exception cref="LoadException">The connections to begin with could not all be opened.</exception>
    public Measurement Run(long countMax)
    {
        IReadOnlyList<int> pids = ProcessUsage.WithChildren(_common.Pids);
        long deadline = Deadline(PrepareSecondsMax);
        Start();
        while (!Ready)
        {
            Turn();
            if (Stopwatch.GetTimestamp() > deadline || Errors >= ErrorsMax)
            {
                throw new LoadException($"not ready within {PrepareSecondsMax} s: {Errors} errors, errno {LastErrno}");
            }
        }

        RunUntil(Deadline(_common.WarmUpSeconds), long.MaxValue);
        Measuring = true;
        Measurement.Start start = Measurement.Begin(pids);
        RunUntil(Deadline(_common.Seconds > 0 ? _common.Seconds : 3600), countMax > 0 ? countMax : long.MaxValue);
        Measuring = false;
        return Measurement.End(start, pids);
    }

    public void Dispose()
    {
        _poller.Dispose();
        NativeMemory.Free(Buffer);
    }

    /// <summary>Opens what the load begins with, or begins to.</summary>
    protected abstract void Start();

    /// <summary>True when warming up may begin.</summary>
    protected abstract bool Ready { get; }

    protected abstract void OnEvents(int fd, uint events);

    /// <summary>What a mode does once per turn beside events.</summary>
    protected virtual void OnTurn()
    {
    }

    /// <summary>A new socket on its way to the target, not yet watched.</summary>
    /// <returns>The descriptor, or -1 for a failure that was counted.</returns>
    protected int Connect()
    {
        int fd = Net.Open(_target.Family);
        if (_common.Sources > 0)
        {
            Net.BindSource(fd, SocketAddress.Source(_opened++ % _common.Sources));
        }

        Net.SetCongestion(fd, _common.Congestion);
        int result = Net.Connect(fd, _target);
        if (result is 0 or -Net.EINPROGRESS)
        {
            return fd;
        }

        Fail(fd, -result);
        return -1;
    }

    protected void Watch(int fd, uint events) => _poller.Add(fd, events);

    /// <summary>Lets time pass while nothing is open.</summary>
    protected void Pause(int ms) => _poller.Wait(ms);

    protected void Again(int fd) => _poller.Rearm(fd, Poller.AllEdges);

    /// <summary>Counts an error and closes; errno 0 stands for an unexpected FIN.</summary>
    protected void Fail(int fd, int errno)
    {
        Errors++;
        LastErrno = errno;
        Net.Close(fd);
    }

    private static long Deadline(double seconds) =>
        Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);

    private void RunUntil(long deadline, long unitsMax)
    {
        while (Units < unitsMax && Errors < ErrorsMax && Stopwatch.GetTimestamp() < deadline)
        {
            Turn();
        }
    }

    private void Turn()
    {
        Beside?.Turn(0);
        int count = _poller.Wait(Beside is null ? WaitMs : 0);
        for (int i = 0; i < count; i++)
        {
            OnEvents(_poller.Fd(i), _poller.Events(i));
        }

        OnTurn();
    }
}
