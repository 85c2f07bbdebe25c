using System.Net;
using System.Net.Sockets;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>
/// Addresses for programs that cannot choose a port themselves. Each gets a 127.x.y.z of its own, so that no other
/// test's socket, however it came to its port, can be in the way.
/// </summary>
internal static class Loopback
{
    private static int s_next;

    public static IPEndPoint Reserve()
    {
        int number = Interlocked.Increment(ref s_next);
        IPAddress address = new([127, (byte)(2 + (Environment.ProcessId % 250)), (byte)(number >> 8), (byte)(1 + (number % 250))]);
        using Socket probe = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(address, 0));
        return (IPEndPoint)probe.LocalEndPoint!;
    }

    /// <summary>An address where nobody listens, so that the kernel refuses.</summary>
    public static IPEndPoint Refusing() => Reserve();
}
