using EdgeProxy.Testing;

namespace EdgeProxy.Linux.Tests;

/// <summary>Drives one engine in a test: submits, waits for the completion of a token, and lets the world go on meanwhile.</summary>
internal sealed class IoDriver
{
    private readonly Dictionary<ulong, Queue<Completion>> _completions = [];
    private readonly Completion[] _taken;
    private ulong _lastToken;

    private IoDriver(TestHost host, int completionsAtOnce)
    {
        Host = host;
        _taken = new Completion[completionsAtOnce];
    }

    public static TheoryData<Poller> Pollers => [Poller.Uring, Poller.Epoll, Poller.Simulated];

    public TestHost Host { get; }

    public CheckedIo Io => Host.Io;

    /// <summary>Runs a test against an engine, the simulated one with several seeds, and checks that nothing is left over.</summary>
    public static void Run(Poller poller, Action<IoDriver> test, int completionsAtOnce = 16, int buffersMax = 256)
    {
        ulong seeds = poller == Poller.Simulated ? 200UL : 1UL;
        for (ulong seed = 1; seed <= seeds; seed++)
        {
            using TestHost host = TestHost.Create(
                poller, seed, new SimulationSettings { BuffersMax = buffersMax }, new IoSettings { BuffersMax = buffersMax });
            IoDriver driver = new(host, completionsAtOnce);
            test(driver);
            host.Io.AssertNothingLeft();
            Assert.All(driver._completions, static c => Assert.Empty(c.Value));
        }
    }

    public ulong NewToken() => ++_lastToken;

    /// <summary>The next completion of an operation.</summary>
    public Completion Next(ulong token)
    {
        Until(() => _completions.TryGetValue(token, out Queue<Completion>? queue) && queue.Count > 0);
        return _completions[token].Dequeue();
    }

    /// <summary>The last completion of an operation; buffers that came before it are returned.</summary>
    public Completion Last(ulong token)
    {
        while (true)
        {
            Completion completion = Next(token);
            if (completion.Buffer >= 0) { Io.Return(completion.Buffer); }
            if (!completion.More) { return completion; }
        }
    }

    public bool HasAny(ulong token) => _completions.TryGetValue(token, out Queue<Completion>? queue) && queue.Count > 0;

    public void Until(Func<bool> condition)
    {
        while (!condition())
        {
            Assert.False(Host.IsOverdue, "nothing came of it");
            Turn(Host.WaitNs);
        }
    }

    public int Turn(long waitNs)
    {
        int count = Io.Wait(_taken, waitNs);
        foreach (Completion completion in _taken.AsSpan(0, count))
        {
            if (!_completions.TryGetValue(completion.Token, out Queue<Completion>? queue)) { _completions[completion.Token] = queue = new(); }
            queue.Enqueue(completion);
        }

        Host.StepPeers();
        return count;
    }

    /// <summary>A connection that came in through a listener, and the peer's end of it.</summary>
    public (Fd Socket, PeerLink Link) AcceptOne()
    {
        Fd listener = Host.Listen(out SocketAddress address);
        PeerLink link = Host.Dial(address);
        ulong token = NewToken();
        Io.Accept(listener, many: false, token);
        Fd socket = new(Next(token).Result);
        Io.Close(listener);
        Until(() => link.State != 0);
        return (socket, link);
    }

    /// <summary>A connection that the engine made, and the peer's end of it.</summary>
    public (Fd Socket, PeerLink Link) ConnectOne()
    {
        PeerLink? accepted = null;
        SocketAddress address = Host.OpenPort(link =>
        {
            accepted = link;
            return null;
        });
        Fd socket = new(Io.OpenStream(ipv6: false).Value);
        ulong token = NewToken();
        Io.Connect(socket, address, token);
        Assert.Equal(0, Next(token).Result);
        Until(() => accepted is not null);
        return (socket, accepted!);
    }

    /// <summary>Fills a buffer with a counting pattern and sends it.</summary>
    public ulong Send(Fd socket, int count, out int buffer, byte first = 0)
    {
        Assert.True(Io.TryRent(out buffer));
        Span<byte> bytes = Io.Bytes(buffer)[..count];
        for (int i = 0; i < count; i++) { bytes[i] = (byte)(first + i); }
        ulong token = NewToken();
        Io.Send(socket, buffer, 0, count, token);
        return token;
    }

    /// <summary>Receives at the peer until <paramref name="count"/> bytes are there or the stream has ended.</summary>
    public byte[] ReadAtPeer(PeerLink link, int count, out int end)
    {
        List<byte> all = [];
        byte[] bytes = new byte[4096];
        int received = 1;
        Until(() =>
        {
            while (all.Count < count && (received = link.Receive(bytes.AsSpan(0, Math.Min(bytes.Length, count - all.Count)))) > 0)
            {
                all.AddRange(bytes.AsSpan(0, received));
            }

            return all.Count == count || received != -(int)Errno.EAGAIN;
        });
        end = received;
        return [.. all];
    }

    /// <summary>How the peer's stream ends: 0 for a FIN, or a negated errno; bytes before it are passed over.</summary>
    public int EndAtPeer(PeerLink link)
    {
        byte[] bytes = new byte[4096];
        int received = 0;
        Until(() =>
        {
            while ((received = link.Receive(bytes)) > 0) { }
            return received != -(int)Errno.EAGAIN;
        });
        return received;
    }

    public void SendFromPeer(PeerLink link, int count, byte first = 0)
    {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) { bytes[i] = (byte)(first + i); }
        int sent = 0;
        Until(() =>
        {
            int taken = link.Send(bytes.AsSpan(sent));
            if (taken > 0) { sent += taken; }
            return sent == count;
        });
    }

    /// <summary>Receives with the engine until <paramref name="count"/> bytes are there; the receive stays armed.</summary>
    public byte[] Receive(Fd socket, ref ulong token, int count)
    {
        List<byte> all = [];
        while (all.Count < count)
        {
            Completion completion = Next(token);
            Assert.True(completion.Result > 0, $"{completion}");
            all.AddRange(Io.Bytes(completion.Buffer)[..completion.Result]);
            Io.Return(completion.Buffer);
            if (!completion.More) { Io.Receive(socket, token); }
        }

        return [.. all];
    }
}
