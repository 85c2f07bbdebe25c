using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>Plain sockets with a bound on every wait.</summary>
internal static class Wire
{
    public static Socket Connect(EndPoint target)
    {
        Socket client = Bounded(new Socket(
            target.AddressFamily, SocketType.Stream, target is UnixDomainSocketEndPoint ? ProtocolType.Unspecified : ProtocolType.Tcp));
        client.Connect(target);
        return client;
    }

    public static Socket Bounded(Socket socket)
    {
        socket.ReceiveTimeout = socket.SendTimeout = (int)Patience.Limit.TotalMilliseconds;
        return socket;
    }

    /// <summary>A line without its end; what came before a FIN when none ended it.</summary>
    public static string ReadLine(this Socket socket)
    {
        StringBuilder line = new();
        byte[] one = new byte[1];
        while (socket.Receive(one) == 1 && one[0] != '\n') { line.Append((char)one[0]); }
        return line.ToString();
    }

    public static byte[] ReadExactly(this Socket socket, int count)
    {
        byte[] bytes = new byte[count];
        for (int at = 0; at < count;)
        {
            int got = socket.Receive(bytes, at, count - at, SocketFlags.None);
            Assert.True(got > 0, $"FIN after {at} of {count} bytes");
            at += got;
        }

        return bytes;
    }

    public static string ReadToEnd(this Socket socket)
    {
        StringBuilder text = new();
        byte[] bytes = new byte[64 * 1024];
        for (int got; (got = socket.Receive(bytes)) > 0;) { text.Append(Encoding.Latin1.GetString(bytes, 0, got)); }
        return text.ToString();
    }

    public static void Write(this Socket socket, string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        for (int at = 0; at < bytes.Length;) { at += socket.Send(bytes, at, bytes.Length - at, SocketFlags.None); }
    }

    /// <summary>Sends what is asked and reads the first line of the answer.</summary>
    public static string Ask(EndPoint target, string text)
    {
        using Socket client = Connect(target);
        client.Write(text);
        return client.ReadLine();
    }

    public static void AssertFinished(this Socket socket) => Assert.Equal(0, socket.Receive(new byte[1]));

    public static void AssertReset(this Socket socket)
    {
        SocketException ended = Assert.Throws<SocketException>(() => socket.Receive(new byte[1]));
        Assert.Equal(SocketError.ConnectionReset, ended.SocketErrorCode);
    }

    /// <summary>Nobody listens there.</summary>
    public static bool IsRefused(EndPoint target)
    {
        using Socket socket = new(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(target);
            return false;
        }
        catch (SocketException refused) when (refused.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset)
        {
            return refused.SocketErrorCode == SocketError.ConnectionRefused;
        }
    }

    /// <summary>Ends with a RST.</summary>
    public static void Reset(this Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }
}
