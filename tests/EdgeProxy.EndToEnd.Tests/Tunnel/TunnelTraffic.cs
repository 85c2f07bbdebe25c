using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>What goes through a tunnel in a test, every byte of it checked.</summary>
internal static class TunnelTraffic
{
    private const int ChunkBytes = 256 * 1024;
    private const int ReplyMs = 500;
    private const int RecoverySize = 100;
    private const int TriesMax = 40; // A datagram may be lost; not forty times.

    private static readonly TimeSpan s_recovery = TimeSpan.FromSeconds(10);

    /// <summary>One TCP connection, random bytes both ways at once, compared by their hash.</summary>
    public static void Exchange(NetworkHost from, NetworkHost to, IPAddress target, int bytes, int seed)
    {
        using TcpPair pair = TcpPair.Connect(from, to, target);
        pair.Exchange(bytes, seed);
    }

    /// <summary>Random bytes both ways at once over a connection that stays.</summary>
    public static void Exchange(Socket one, Socket other, int bytes, int seed)
    {
        Task<byte[]> sent = Task.Run(() => Send(one, bytes, seed));
        Task<byte[]> received = Task.Run(() => Receive(other, bytes));
        Task<byte[]> sentBack = Task.Run(() => Send(other, bytes, seed + 1));
        Task<byte[]> receivedBack = Task.Run(() => Receive(one, bytes));
        Task.WaitAll(sent, received, sentBack, receivedBack);
        Assert.Equal(sent.Result, received.Result);
        Assert.Equal(sentBack.Result, receivedBack.Result);
    }

    /// <summary>A datagram comes back within the ten seconds a tunnel may need after an end was killed.</summary>
    public static void AssertReturns(NetworkHost from, NetworkHost to, IPAddress target)
    {
        long started = Stopwatch.GetTimestamp();
        Echo(from, to, from.Inside, target, RecoverySize);
        TimeSpan took = Stopwatch.GetElapsedTime(started);
        Assert.True(took < s_recovery, $"traffic returned after {took.TotalSeconds:F1} s");
    }

    /// <summary>Datagrams of these sizes there and back, each compared.</summary>
    public static void Echo(NetworkHost from, NetworkHost to, IPAddress source, IPAddress target, params int[] sizes)
    {
        using Socket server = to.Here(() => Datagrams(target));
        using Socket client = from.Here(() => Datagrams(source));
        Task echo = Task.Run(() => EchoUntilEmpty(server));
        Random random = new(sizes.Length);
        for (int i = 0; i < sizes.Length; i++)
        {
            byte[] question = new byte[sizes[i]];
            random.NextBytes(question);
            Assert.True(IsEchoed(client, server.LocalEndPoint!, question), $"no echo of {sizes[i]} bytes");
        }

        do { client.SendTo([], server.LocalEndPoint!); }
        while (!echo.Wait(ReplyMs));
    }

    public static Socket Datagrams(IPAddress at)
    {
        Socket socket = new(at.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = ReplyMs };
        socket.Bind(new IPEndPoint(at, 0));
        return socket;
    }

    private static bool IsEchoed(Socket client, EndPoint server, byte[] question)
    {
        byte[] answer = new byte[ushort.MaxValue];
        for (int i = 0; i < TriesMax; i++)
        {
            client.SendTo(question, server);
            while (TryReceive(client, answer, out int length, out _))
            {
                if (answer.AsSpan(0, length).SequenceEqual(question)) { return true; }
            }
        }

        return false;
    }

    private static void EchoUntilEmpty(Socket server)
    {
        byte[] buffer = new byte[ushort.MaxValue];
        while (true)
        {
            if (!TryReceive(server, buffer, out int length, out EndPoint? from)) { continue; }
            if (length == 0) { return; }
            server.SendTo(buffer, length, SocketFlags.None, from!);
        }
    }

    private static bool TryReceive(Socket socket, byte[] buffer, out int length, out EndPoint? from)
    {
        bool isV4 = socket.AddressFamily == AddressFamily.InterNetwork;
        from = new IPEndPoint(isV4 ? IPAddress.Any : IPAddress.IPv6Any, 0);
        length = 0;
        try
        {
            length = socket.ReceiveFrom(buffer, ref from);
            return true;
        }
        catch (SocketException late) when (late.SocketErrorCode == SocketError.TimedOut)
        {
            return false;
        }
    }

    private static byte[] Send(Socket socket, int bytes, int seed)
    {
        Random random = new(seed);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] chunk = new byte[ChunkBytes];
        for (int left = bytes; left > 0;)
        {
            int length = Math.Min(left, chunk.Length);
            random.NextBytes(chunk);
            hash.AppendData(chunk, 0, length);
            for (int at = 0; at < length;) { at += socket.Send(chunk, at, length - at, SocketFlags.None); }
            left -= length;
        }

        return hash.GetHashAndReset();
    }

    private static byte[] Receive(Socket socket, int bytes)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] chunk = new byte[ChunkBytes];
        for (int left = bytes; left > 0;)
        {
            int got = socket.Receive(chunk, Math.Min(left, chunk.Length), SocketFlags.None);
            Assert.True(got > 0, $"FIN with {left} of {bytes} bytes to come");
            hash.AppendData(chunk, 0, got);
            left -= got;
        }

        return hash.GetHashAndReset();
    }
}
