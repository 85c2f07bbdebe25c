using System.Net.Sockets;
using System.Text;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>What is relayed arrives whole, in order, at the pace of whoever is slower.</summary>
public sealed class StreamTests
{
    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Server_WhenItSpeaksFirst_IsHeardByASilentClient(string io)
    {
        using ManualBackend backend = new();
        using ProxyProcess proxy = ProxyProcess.Start(Rows.Backend("sa-1", "sa", backend.Port), ("IO", io));
        using (Socket client = Wire.Connect(proxy.Client))
        {
            using Socket server = backend.Accept();
            server.Write("220 ready\n");
            Assert.Equal("220 ready", client.ReadLine());
            client.Write("QUIT\n");
            Assert.Equal("QUIT", server.ReadLine());
        }

        proxy.End();
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Server_WhenItSpeaksFirstAndAHeaderIsOptional_IsHeardByASilentClient(string io)
    {
        using NamedBackend backend = new("sa-1");
        using ProxyProcess proxy = ProxyProcess.Start(
            Rows.Backend("sa-1", "sa", backend.Port), ("IO", io), ("PROXY_PROTOCOL", "optional"),
            ("PROXY_PROTOCOL_TRUSTED", "127.0.0.0/8"), ("PROXY_HEADER_TIMEOUT_SECS", "0.2"));
        Assert.Equal("sa-1", Wire.Ask(proxy.Client, ""));
        proxy.End();
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Sender_WhenItSendsByteByByte_IsHeardByteByByte(string io)
    {
        using ManualBackend backend = new();
        using ProxyProcess proxy = ProxyProcess.Start(Rows.Backend("sa-1", "sa", backend.Port), ("IO", io));
        using (Socket client = Wire.Connect(proxy.Client))
        {
            client.NoDelay = true;
            using Socket server = backend.Accept();
            server.NoDelay = true;
            byte[] text = Encoding.ASCII.GetBytes("each of these bytes is there before the next one is sent");
            foreach (byte one in text)
            {
                client.Send([one]);
                Assert.Equal([one], server.ReadExactly(1));
                server.Send([(byte)(one ^ 1)]);
                Assert.Equal([(byte)(one ^ 1)], client.ReadExactly(1));
            }
        }

        proxy.End();
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Relay_WhenMuchIsSentBothWaysAtOnce_ArrivesWhole(string io)
    {
        const int Seed = 20261123;
        using NamedBackend backend = new("sa-1");
        using ProxyProcess proxy = ProxyProcess.Start(Rows.Backend("sa-1", "sa", backend.Port), ("IO", io));
        byte[] sent = new byte[16 * 1024 * 1024];
        new Random(Seed).NextBytes(sent);
        using (Socket client = Wire.Connect(proxy.Client))
        {
            Assert.Equal("sa-1", client.ReadLine());
            Task sending = Task.Run(() =>
            {
                for (int at = 0; at < sent.Length;) { at += client.Send(sent, at, Math.Min(100_000, sent.Length - at), SocketFlags.None); }
                client.Shutdown(SocketShutdown.Send);
            });
            byte[] got = client.ReadExactly(sent.Length);
            client.AssertFinished();
            await sending;
            Assert.True(sent.AsSpan().SequenceEqual(got));
        }

        proxy.End();
    }

    [Theory]
    [InlineData("uring", "download")]
    [InlineData("uring", "upload")]
    [InlineData("epoll", "download")]
    [InlineData("epoll", "upload")]
    public void Sender_WhenTheReaderDoesNotRead_IsHeldBackWithoutGrowingMemory(string io, string way)
    {
        const int Flows = 8;
        const long GrowthMax = 32 * 1024 * 1024;
        using ManualBackend backend = new();
        using ProxyProcess proxy = ProxyProcess.Start(Rows.Backend("sa-1", "sa", backend.Port), ("IO", io));
        long before = proxy.ResidentBytes;
        List<(Socket Sender, Socket Reader)> pairs = [];
        for (int i = 0; i < Flows; i++)
        {
            Socket client = Wire.Connect(proxy.Client);
            Socket server = backend.Accept();
            pairs.Add(way == "upload" ? (client, server) : (server, client));
        }

        long taken = PushUntilHeldBack(proxy, pairs.ConvertAll(static p => p.Sender), bytesMax: 1L << 30);
        Assert.InRange(proxy.ResidentBytes - before, long.MinValue, GrowthMax);

        // What was taken is still delivered, once the readers read; and none of it waits in the proxy for good.
        long delivered = 0;
        byte[] buffer = new byte[256 * 1024];
        foreach ((Socket sender, Socket reader) in pairs)
        {
            sender.Blocking = true;
            sender.Shutdown(SocketShutdown.Send);
            for (int got; (got = reader.Receive(buffer)) > 0;) { delivered += got; }
            sender.Dispose();
            reader.Dispose();
        }

        Assert.Equal(taken, delivered);
        proxy.End();
    }

    /// <summary>Sends on all of them until none takes more and the proxy moves nothing.</summary>
    /// <returns>Bytes taken.</returns>
    private static long PushUntilHeldBack(ProxyProcess proxy, IReadOnlyList<Socket> senders, long bytesMax)
    {
        byte[] piece = new byte[256 * 1024];
        long taken = 0;
        double relayed = -1;
        Patience.Until(
            () =>
            {
                long before = taken;
                foreach (Socket sender in senders)
                {
                    sender.Blocking = false;
                    for (int sent; (sent = sender.Send(piece, 0, piece.Length, SocketFlags.None, out _)) > 0;)
                    {
                        taken += sent;
                        if (taken >= bytesMax) { Assert.Fail("everything was taken: somebody holds it all"); }
                    }
                }

                double relayedBefore = relayed;
                relayed = proxy.Metric("edgeproxy_bytes_copied_total") + proxy.Metric("edgeproxy_bytes_spliced_total");
                return taken == before && relayed.Equals(relayedBefore);
            },
            "senders held back");
        return taken;
    }
}
