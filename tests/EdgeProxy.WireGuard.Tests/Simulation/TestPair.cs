namespace EdgeProxy.WireGuard.Tests;

/// <summary>Two nodes that know each other, joined by a wire that a test can look at and cut.</summary>
internal sealed class TestPair : IDisposable
{
    private const long Start = 1_000 * Timers.Second;
    private const long StartUnix = 1_800_000_000L * Timers.Second;

    private readonly Queue<(TestNode To, byte[] Bytes, Endpoint Source)> _wire = new();

    public TestPair(int seed = 1, bool rightKnowsEndpoint = true)
    {
        Left = new TestNode(1, seed) { Send = Carry };
        Right = new TestNode(2, seed + 1000) { Send = Carry };
        LeftPeer = Left.Know(Right);
        RightPeer = Right.Know(Left, rightKnowsEndpoint);
    }

    public TestNode Left { get; }

    public TestNode Right { get; }

    /// <summary>The right one, as the left one knows it.</summary>
    public Peer LeftPeer { get; set; }

    public Peer RightPeer { get; set; }

    public Moment Now { get; private set; } = new(Start, StartUnix);

    public double Seconds => (Now.Ns - Start) / (double)Timers.Second;

    /// <summary>Everything that was sent: who, the first byte (its type), how long, when.</summary>
    public List<(int From, int Type, int Length, double Seconds)> Log { get; } = [];

    /// <summary>Whether a message gets through; all of them when not set.</summary>
    public Func<TestNode, byte[], bool>? Passes { get; set; }

    public byte[]? LastSent { get; private set; }

    public int Count(TestNode from, int type) => Log.Count(sent => sent.From == from.Number && sent.Type == type);

    public void SendLeft(long number = 1, int length = 100) =>
        Left.FromTunnel(TestNode.Packet(Left, Right, number, length), Now);

    public void SendRight(long number = 1, int length = 100) =>
        Right.FromTunnel(TestNode.Packet(Right, Left, number, length), Now);

    /// <summary>Delivers what is on the wire, and what is sent in answer.</summary>
    public void Settle()
    {
        while (_wire.TryDequeue(out (TestNode To, byte[] Bytes, Endpoint Source) sent))
        {
            _ = sent.To.FromNetwork(sent.Bytes, sent.Source, Now);
        }
    }

    /// <summary>Lets time pass, from one due timer to the next, settling after each.</summary>
    public void Pass(double seconds)
    {
        long end = Now.Ns + (long)(seconds * Timers.Second);
        while (true)
        {
            Settle();
            long due = Left.Due.Values.Concat(Right.Due.Values).Min();
            long next = Math.Min(end, Math.Max(due, Now.Ns));
            Now = new Moment(next, Now.UnixNs + next - Now.Ns);
            Left.Tick(Now);
            Right.Tick(Now);
            Settle();
            if (next >= end) { return; }
        }
    }

    /// <summary>Makes a session, the left one being its initiator.</summary>
    public void Connect()
    {
        SendLeft(0);
        Settle();
        Assert.Single(Right.Delivered);
        Right.Delivered.Clear();
        Log.Clear();
    }

    public void Dispose()
    {
        Left.Dispose();
        Right.Dispose();
    }

    private void Carry(TestNode from, byte[] bytes, Endpoint to)
    {
        Log.Add((from.Number, bytes[0], bytes.Length, Seconds));
        LastSent = bytes;
        if (Passes?.Invoke(from, bytes) == false) { return; }
        _wire.Enqueue((from == Left ? Right : Left, [.. bytes], from.Endpoint));
    }
}
