using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace EdgeProxy.Architecture.Tests;

/// <summary>One offence against each fence, compiled and never called, so that a fence that sees nothing is noticed.</summary>
internal static class Offender
{
    private static readonly Lock s_gate = new();

    public static long Clock() => DateTime.UtcNow.Ticks + Environment.TickCount64;

    public static bool FileTouched() => File.Exists("/");

    public static int SocketTouched(Socket socket) => socket.Available;

    public static void Log() => Console.WriteLine();

    public static int Chance() => Random.Shared.Next();

    public static async Task Async() => await Task.Yield();

    public static void Locked()
    {
        lock (s_gate) { Thread.Sleep(1); }
    }

    public static int Linq() => new[] { 1, 2 }.Count(static n => n > 1);

    public static unsafe int Pointer(int* number) => *number;

    [DllImport("libc", EntryPoint = "getpid")]
    public static extern int NativeCode();
}
