using System.Buffers.Binary;

namespace EdgeProxy.WireGuard.Tests;

/// <summary>
/// Nodes that all know each other over a network that loses, doubles, delays, reorders and damages. One seed decides
/// everything. Whatever is delivered is checked at once: exactly what was sent, to whom it was sent, once.
/// </summary>
internal sealed class SimulatedNetwork : IDisposable
{
    private const long StartUnix = 1_800_000_000L * Timers.Second;
    private const int HeaderBytes = 20;

    private readonly Random _random;
    private readonly PriorityQueue<(TestNode To, byte[] Bytes, Endpoint Source), long> _wire = new();
    private readonly HashSet<(int From, int To, long Number)> _delivered = [];
    private readonly Dictionary<Endpoint, TestNode> _byEndpoint = [];
    private long _nowNs = Timers.Second;
    private long _number;

    public SimulatedNetwork(int nodes, int seed)
    {
        _random = new Random(seed);
        Nodes = [.. Enumerable.Range(1, nodes).Select(i => new TestNode(i, seed + (i * 1000)) { Send = Carry })];
        foreach (TestNode node in Nodes)
        {
            _byEndpoint.Add(node.Endpoint, node);
            Introduce(node);
        }
    }

    public TestNode[] Nodes { get; }

    /// <summary>Of a hundred datagrams.</summary>
    public int LossPercent { get; set; }

    public int DoubledPercent { get; set; }

    public int DamagedPercent { get; set; }

    public int DelayMsMax { get; set; } = 40;

    public int Sent { get; private set; }

    public int Delivered => _delivered.Count;

    public int Restarts { get; private set; }

    private Moment Now => new(_nowNs, StartUnix + _nowNs);

    /// <summary>Lets time pass while random nodes send to each other.</summary>
    public void Run(double seconds, double packetsPerSecond, double restartsPerHour = 0)
    {
        long end = _nowNs + (long)(seconds * Timers.Second);
        long nextPacket = _nowNs;
        while (_nowNs < end)
        {
            if (_nowNs >= nextPacket)
            {
                nextPacket += (long)(2 * _random.NextDouble() * Timers.Second / packetsPerSecond) + 1;
                if (_random.NextDouble() < restartsPerHour / 3600 / packetsPerSecond) { Restart(Pick()); }
                Talk();
            }

            long due = Math.Min(Nodes.SelectMany(static node => node.Due.Values).Min(), nextPacket);
            if (_wire.TryPeek(out _, out long arrival)) { due = Math.Min(due, arrival); }
            _nowNs = Math.Clamp(due, _nowNs, end);
            while (_wire.TryPeek(out _, out arrival) && arrival <= _nowNs) { Arrive(); }
            foreach (TestNode node in Nodes) { node.Tick(Now); }
        }
    }

    /// <summary>Without faults from now on: who lost its session finds out, and then everything arrives.</summary>
    public void Heal()
    {
        (LossPercent, DoubledPercent, DamagedPercent) = (0, 0, 0);
        SendToAll();
        Run(25, 0.01);
        int before = Delivered;
        SendToAll();
        Run(25, 0.01);
        int pairs = Nodes.Length * (Nodes.Length - 1);
        Assert.InRange(Delivered - before, pairs, pairs + 20);
    }

    public void Dispose()
    {
        foreach (TestNode node in Nodes) { node.Dispose(); }
    }

    private void SendToAll()
    {
        foreach (TestNode from in Nodes)
        {
            foreach (TestNode to in Nodes.Where(each => each != from)) { Send(from, to); }
        }
    }

    private TestNode Pick() => Nodes[_random.Next(Nodes.Length)];

    private void Talk()
    {
        TestNode from = Pick();
        TestNode to = Pick();
        if (from != to) { Send(from, to); }
    }

    private void Send(TestNode from, TestNode to)
    {
        Sent++;
        from.FromTunnel(Build(from, to, _number++), Now);
    }

    /// <summary>Its length follows from its number too.</summary>
    private static byte[] Build(TestNode from, TestNode to, long number) =>
        TestNode.Packet(from, to, number, HeaderBytes + 8 + (int)(number * 7919 % 1392));

    private void Restart(TestNode node)
    {
        Restarts++;
        node.Restart();
        Introduce(node);
    }

    private void Introduce(TestNode node)
    {
        foreach (TestNode other in Nodes.Where(each => each != node)) { _ = node.Know(other); }
    }

    private bool Happens(int percent) => _random.Next(100) < percent;

    private void Carry(TestNode from, byte[] bytes, Endpoint to)
    {
        if (Happens(LossPercent)) { return; }
        int copies = Happens(DoubledPercent) ? 2 : 1;
        for (int i = 0; i < copies; i++)
        {
            byte[] copy = [.. bytes];
            if (Happens(DamagedPercent)) { copy[_random.Next(copy.Length)] ^= (byte)(1 << _random.Next(8)); }
            if (_random.Next(1000) < DamagedPercent) { copy = copy[.._random.Next(copy.Length)]; }
            long delay = _random.NextInt64(DelayMsMax * 1_000_000L) + 1;
            _wire.Enqueue((_byEndpoint[to], copy, from.Endpoint), _nowNs + delay);
        }
    }

    private void Arrive()
    {
        (TestNode to, byte[] bytes, Endpoint source) = _wire.Dequeue();
        _ = to.FromNetwork(bytes, source, Now);
        foreach (byte[] packet in to.Delivered)
        {
            TestNode from = Nodes[packet[14] - 1]; // 10.50.NUMBER.1
            long number = BinaryPrimitives.ReadInt64BigEndian(packet.AsSpan(HeaderBytes));
            if (!packet.AsSpan().SequenceEqual(Build(from, to, number))) { Assert.Fail($"packet {number} is another"); }
            if (!_delivered.Add((from.Number, to.Number, number))) { Assert.Fail($"packet {number} came twice"); }
        }

        to.Delivered.Clear();
        to.Dropped.Clear();
    }
}
