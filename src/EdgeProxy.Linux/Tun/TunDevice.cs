using System.Runtime.InteropServices;
using System.Text;

namespace EdgeProxy.Linux;

/// <summary>
/// A TUN interface (Documentation/networking/tuntap.rst) whose reads and writes carry a virtio header in front of each
/// packet. Called from the slow side to open and to dispose; each of <see cref="Queues"/> belongs to one loop. The
/// interface comes up without addresses and down, which is rtnetlink's to change, and goes away with its last
/// descriptor, even when the process is killed.
/// </summary>
public sealed unsafe class TunDevice : IDisposable
{
    private readonly TunQueue[] _queues;

    private TunDevice(string name, TunQueue[] queues, bool segmentsUdp)
    {
        Name = name;
        _queues = queues;
        SegmentsUdp = segmentsUdp;
    }

    /// <summary>The name the interface got.</summary>
    public string Name { get; }

    public ReadOnlySpan<TunQueue> Queues => _queues;

    /// <summary>UDP is handed over unsegmented as well (TUN_F_USO4 and 6, since Linux 6.2).</summary>
    internal bool SegmentsUdp { get; }

    /// <param name="settings">Name, queues, offloads.</param>
    /// <param name="device">The device, when the result is <see cref="TunProblem.None"/>.</param>
    /// <param name="error">What the kernel said otherwise.</param>
    public static TunProblem Open(TunSettings settings, out TunDevice? device, out Errno error)
    {
        device = null;
        error = Errno.EINVAL;
        if (!IsName(settings.Name)) { return TunProblem.NameUnusable; }
        InterfaceRequest request = default;
        Encoding.ASCII.GetBytes(settings.Name, new Span<byte>(request.Name, TunAbi.IFNAMSIZ));
        request.Flags = TunAbi.IFF_TUN | TunAbi.IFF_NO_PI | TunAbi.IFF_VNET_HDR;
        if (settings.Queues > 1) { request.Flags |= TunAbi.IFF_MULTI_QUEUE; }

        var queues = new TunQueue[Math.Max(settings.Queues, 1)];
        TunProblem problem = TunProblem.None;
        for (int opened = 0; opened < queues.Length && problem == TunProblem.None; opened++)
        {
            // The first call settles a %d for the others.
            problem = OpenQueue(ref request, out queues[opened], out error);
        }

        bool segmentsUdp = false;
        if (problem == TunProblem.None && settings.Offloads)
        {
            SysResult offloads = SetOffloads(queues[0].Descriptor, out segmentsUdp);
            if (!offloads.Ok) { (problem, error) = (TunProblem.Other, offloads.Error); }
        }

        if (problem != TunProblem.None)
        {
            foreach (TunQueue? queue in queues) { queue?.Dispose(); }
            return problem;
        }

        string name = Encoding.ASCII.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(request.Name));
        device = new TunDevice(name, queues, segmentsUdp);
        error = Errno.None;
        return TunProblem.None;
    }

    public void Dispose()
    {
        foreach (TunQueue queue in _queues) { queue.Dispose(); }
    }

    private static bool IsName(string name) => name.Length is > 0 and < TunAbi.IFNAMSIZ && Ascii.IsValid(name);

    private static TunProblem OpenQueue(ref InterfaceRequest request, out TunQueue queue, out Errno error)
    {
        queue = null!;
        SysResult opened;
        fixed (byte* path = "/dev/net/tun\0"u8)
        {
            opened = Libc.Result(Libc.open(path, Kernel.O_RDWR | Kernel.O_NONBLOCK | Kernel.O_CLOEXEC));
        }

        error = opened.Error;
        if (!opened.Ok)
        {
            return error switch
            {
                Errno.ENOENT or Errno.ENXIO or Errno.ENODEV => TunProblem.NoDevice,
                Errno.EACCES or Errno.EPERM => TunProblem.NoRight,
                _ => TunProblem.Other,
            };
        }

        SysResult result;
        int headerBytes = TunQueue.HeaderBytes;
        fixed (InterfaceRequest* pointer = &request)
        {
            result = Libc.Result(Libc.ioctl(opened.Value, TunAbi.TUNSETIFF, pointer));
        }

        if (result.Ok) { result = Libc.Result(Libc.ioctl(opened.Value, TunAbi.TUNSETVNETHDRSZ, &headerBytes)); }
        if (result.Ok)
        {
            queue = new TunQueue(new Fd(opened.Value));
            return TunProblem.None;
        }

        Libc.close(opened.Value);
        error = result.Error;
        return error switch
        {
            Errno.EPERM => TunProblem.NoRight,
            Errno.EBUSY or Errno.E2BIG => TunProblem.NameTaken, // E2BIG: others hold every queue it may have.
            Errno.EINVAL => TunProblem.NameUnusable,
            _ => TunProblem.Other,
        };
    }

    /// <summary>The kernel refuses the whole set when it does not know one of them, so the newest go first.</summary>
    private static SysResult SetOffloads(Fd queue, out bool segmentsUdp)
    {
        const nint Tcp = TunAbi.TUN_F_CSUM | TunAbi.TUN_F_TSO4 | TunAbi.TUN_F_TSO6 | TunAbi.TUN_F_TSO_ECN;
        const nint TcpAndUdp = Tcp | TunAbi.TUN_F_USO4 | TunAbi.TUN_F_USO6;
        segmentsUdp = Libc.ioctl(queue.Number, TunAbi.TUNSETOFFLOAD, (void*)TcpAndUdp) == 0;
        return segmentsUdp
            ? new SysResult(0)
            : Libc.Result(Libc.ioctl(queue.Number, TunAbi.TUNSETOFFLOAD, (void*)Tcp));
    }

    /// <summary><c>struct ifreq</c> (netdevice(7)) as TUNSETIFF reads it: 40 bytes.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 40)]
    private struct InterfaceRequest
    {
        public fixed byte Name[TunAbi.IFNAMSIZ];
        public short Flags;
    }
}
