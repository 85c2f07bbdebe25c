using System.Net;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>
/// A host of a test's own: a network namespace in which the test starts programs and opens sockets. It has no name
/// anywhere; the descriptor held here keeps it, so that it is gone with the test, however that ends.
/// </summary>
internal sealed class NetworkHost : IDisposable
{
    private const int CLONE_NEWNET = 0x40000000;

    private readonly SafeFileHandle _namespace;

    /// <param name="number">Last part of each of its addresses.</param>
    public NetworkHost(int number)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "a network namespace needs root");
        Number = number;
        _namespace = OnThread(static () =>
        {
            Check(unshare(CLONE_NEWNET));
            return File.OpenHandle("/proc/thread-self/ns/net", share: FileShare.ReadWrite);
        });
        Ip("link set lo up");
    }

    public int Number { get; }

    /// <summary>Where it is on the network that carries the tunnel.</summary>
    public IPAddress Outside => IPAddress.Parse($"10.99.0.{Number}");

    public IPAddress OutsideV6 => IPAddress.Parse($"fd99::{Number}");

    /// <summary>Where it is inside the tunnel.</summary>
    public IPAddress Inside => IPAddress.Parse($"10.77.0.{Number}");

    public IPAddress InsideV6 => IPAddress.Parse($"fd77::{Number}");

    /// <summary>For programs that take a namespace by its file.</summary>
    public string NamespaceFile => $"/proc/{Environment.ProcessId}/fd/{_namespace.DangerousGetHandle()}";

    /// <summary>What to start so that it runs here; the process is the program's own.</summary>
    public string[] Command(params string[] words) => ["nsenter", "--net=" + NamespaceFile, "--", .. words];

    /// <summary>Runs a program that must end well.</summary>
    public string Output(params string[] words) => Programs.Output(Command(words)[0], Command(words)[1..]);

    public ChildProcess Start(params string[] words) => ChildProcess.Start(Command(words)[0], Command(words)[1..]);

    public string Ip(string words) => Output(["ip", .. words.Split(' ')]);

    /// <summary>What <paramref name="make"/> opens belongs here, wherever it is used later.</summary>
    public T Here<T>(Func<T> make) => OnThread(() =>
    {
        Check(setns((int)_namespace.DangerousGetHandle(), CLONE_NEWNET));
        return make();
    });

    public void Dispose() => _namespace.Dispose();

    /// <summary>A namespace is a thread's; this one ends with what it was for.</summary>
    private static T OnThread<T>(Func<T> make)
    {
        T made = default!;
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try { made = make(); }
            catch (Exception error) { failure = ExceptionDispatchInfo.Capture(error); }
        }) { IsBackground = true };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return made;
    }

    private static void Check(int result)
    {
        if (result != 0) { throw new InvalidOperationException(Marshal.GetLastPInvokeErrorMessage()); }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int unshare(int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int setns(int descriptor, int kind);
}
