using System.Buffers.Binary;

namespace EdgeProxy.WireGuard.Tests;

/// <summary>
/// A device with the little an engine adds: it sends what it is told to, and notes what it was given.
/// </summary>
internal sealed class TestNode : IDisposable
{
    private const int DatagramBytesMax = 2048;

    private readonly byte[] _output = new byte[DatagramBytesMax];
    private readonly Dictionary<Peer, long> _due = [];

    public TestNode(int number, int seed)
    {
        Number = number;
        Random random = new(seed);
        random.NextBytes(PrivateKey);
        Suite = new CipherSuite();
        Fill = bytes => random.NextBytes(bytes);
        Device = new Device(Suite, PrivateKey, Fill);
        Endpoint = new Endpoint(0, 0xFFFF_0A00_0000UL | (uint)number, 51820);
    }

    public int Number { get; }

    public byte[] PrivateKey { get; } = new byte[32];

    public RandomFill Fill { get; }

    public CipherSuite Suite { get; }

    public Device Device { get; private set; }

    /// <summary>Where it sends from.</summary>
    public Endpoint Endpoint { get; set; }

    /// <summary>Given a message and where it goes.</summary>
    public Action<TestNode, byte[], Endpoint>? Send { get; set; }

    public List<byte[]> Delivered { get; } = [];

    public List<DropReason> Dropped { get; } = [];

    public int HandshakesFailed { get; private set; }

    public IReadOnlyDictionary<Peer, long> Due => _due;

    /// <summary>10.50.NUMBER.1 or fd50:NUMBER::1.</summary>
    public byte[] InnerAddress(bool isIPv4) => isIPv4
        ? [10, 50, (byte)Number, 1]
        : [0xFD, 0x50, 0, (byte)Number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];

    /// <summary>Makes the other end a peer.</summary>
    public Peer Know(TestNode other, bool withEndpoint = true)
    {
        Peer peer = Device.Add(other.Device.PublicKey)!;
        Device.SetAllowedIps(peer, [
            AllowedIp.FromBytes(other.InnerAddress(isIPv4: true), 24),
            AllowedIp.FromBytes(other.InnerAddress(isIPv4: false), 32),
        ]);
        if (withEndpoint) { peer.Endpoint = other.Endpoint; }
        _due[peer] = long.MinValue; // Its keepalive may be due at once.
        return peer;
    }

    /// <summary>The process died and was started again: only the key file is left.</summary>
    public void Restart()
    {
        Device.Dispose();
        _due.Clear();
        Device = new Device(Suite, PrivateKey, Fill);
    }

    /// <summary>A packet comes from the tunnel.</summary>
    public void FromTunnel(byte[] packet, in Moment now)
    {
        if (Device.Route(packet) is not { } peer) { return; }
        packet.CopyTo(_output.AsSpan(16));
        SealReadiness readiness = peer.TryBeginSeal(1, now.Ns, out SealBatch batch);
        if (readiness == SealReadiness.NoSession) { peer.Enqueue(packet); }
        else
        {
            int length = batch.Seal(Suite, _output, packet.Length);
            batch.Dispose();
            Transmit(peer, length);
        }

        if (readiness != SealReadiness.Ready) { Initiate(peer, now); }
    }

    public void Initiate(Peer peer, in Moment now)
    {
        Transmit(peer, peer.Initiate(Suite, _output, now));
        Tick(peer, now);
    }

    public ReceiveOutcome FromNetwork(byte[] datagram, in Endpoint source, in Moment now)
    {
        byte[] reply = new byte[Device.ReplyBytesMax];
        ReceiveOutcome outcome = Device.Receive(Suite, datagram, source, now, reply);
        if (outcome.Reason != DropReason.None) { Dropped.Add(outcome.Reason); }
        switch (outcome.Kind)
        {
            case ReceiveKind.Tunnel: Delivered.Add(datagram[outcome.Offset..(outcome.Offset + outcome.Length)]); break;
            case ReceiveKind.Reply: Send?.Invoke(this, reply[..outcome.Length], source); break;
            case ReceiveKind.Nothing or ReceiveKind.Drop: break;
            default: throw new InvalidOperationException($"{outcome.Kind}");
        }

        if (outcome.Peer is not { } peer) { return outcome; }
        if (outcome.FollowUps.HasFlag(FollowUps.SendQueued))
        {
            for (int length; (length = peer.SealQueued(Suite, _output, now.Ns)) > 0;) { Transmit(peer, length); }
        }

        if (outcome.FollowUps.HasFlag(FollowUps.Initiate)) { Initiate(peer, now); }
        if (outcome.FollowUps.HasFlag(FollowUps.Tick)) { Tick(peer, now); }
        return outcome;
    }

    /// <summary>Ticks who is due.</summary>
    public void Tick(in Moment now)
    {
        foreach ((Peer peer, long due) in _due.ToArray())
        {
            if (due <= now.Ns) { Tick(peer, now); }
        }
    }

    public void Tick(Peer peer, in Moment now)
    {
        TickOutcome outcome;
        do
        {
            outcome = peer.Tick(Suite, _output, now);
            if (outcome.HandshakeFailed) { HandshakesFailed++; }
            Transmit(peer, outcome.Length);
        }
        while (outcome.Length > 0);
        _due[peer] = outcome.DueNs;
        Assert.True(outcome.DueNs > now.Ns, "what is due later is later");
    }

    public void Dispose()
    {
        Device.Dispose();
        Suite.Dispose();
    }

    private void Transmit(Peer peer, int length)
    {
        if (length > 0) { Send?.Invoke(this, _output[..length], peer.Endpoint!.Value); }
    }

    /// <summary>
    /// An inner packet between two nodes that carries a number, filled with what follows from the number.
    /// </summary>
    public static byte[] Packet(TestNode from, TestNode to, long number, int length, bool isIPv4 = true)
    {
        byte[] packet = new byte[length];
        new Random((int)number).NextBytes(packet);
        int header = isIPv4 ? 20 : 40;
        packet[0] = (byte)(isIPv4 ? 0x45 : 0x60);
        if (isIPv4)
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)length);
            from.InnerAddress(isIPv4: true).CopyTo(packet, 12);
            to.InnerAddress(isIPv4: true).CopyTo(packet, 16);
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)(length - header));
            from.InnerAddress(isIPv4: false).CopyTo(packet, 8);
            to.InnerAddress(isIPv4: false).CopyTo(packet, 24);
        }

        BinaryPrimitives.WriteInt64BigEndian(packet.AsSpan(header), number);
        return packet;
    }
}
