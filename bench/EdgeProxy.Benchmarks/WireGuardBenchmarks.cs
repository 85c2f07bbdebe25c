using BenchmarkDotNet.Attributes;
using EdgeProxy.WireGuard;

namespace EdgeProxy.Benchmarks;

/// <summary>
/// Everything about a packet of the tunnel but the I/O, a whole handshake, and looking an address up.
/// </summary>
[MemoryDiagnoser]
public class WireGuardBenchmarks : IDisposable
{
    private const int Peers = 1000;
    private const int InnerBytes = 1420;

    private readonly CipherSuite _suite = new();
    private readonly byte[] _packet = new byte[InnerBytes];
    private readonly byte[] _buffer = new byte[InnerBytes + 32];
    private readonly byte[] _sealed = new byte[InnerBytes + 32];
    private readonly byte[] _output = new byte[148];
    private readonly byte[] _reply = new byte[Device.ReplyBytesMax];
    private readonly byte[][] _destinations = new byte[Peers][];
    private readonly Endpoint _there = new(0, 0xFFFF_0A00_0001, 51820);
    private Device _left = null!;
    private Device _right = null!;
    private Device _many = null!;
    private Peer _peer = null!;
    private Moment _now = new(1, 1_800_000_000_000_000_000);
    private int _next;

    [GlobalSetup]
    public void Connect()
    {
        Random random = new(1);
        void Fill(Span<byte> bytes) => random.NextBytes(bytes);
        byte[] key = new byte[32];
        random.NextBytes(key);
        _left = new Device(_suite, key, Fill);
        random.NextBytes(key);
        _right = new Device(_suite, key, Fill);
        _peer = _left.Add(_right.PublicKey)!;
        _peer.Endpoint = _there;
        _right.SetAllowedIps(_right.Add(_left.PublicKey)!, [AllowedIp.FromBytes([10, 50, 1, 0], 24)]);
        (_packet[0], _packet[2], _packet[3]) = (0x45, InnerBytes >> 8, InnerBytes & 255);
        (_packet[12], _packet[13], _packet[14]) = (10, 50, 1);
        Handshake();
        _sealed.AsSpan(0, Seal()).Clear();
        _buffer.CopyTo(_sealed, 0);

        random.NextBytes(key);
        _many = new Device(_suite, key, Fill);
        for (int i = 0; i < Peers; i++)
        {
            random.NextBytes(key);
            Peer peer = _many.Add(new PublicKey(key))!;
            _many.SetAllowedIps(peer, [
                AllowedIp.FromBytes([10, (byte)(i >> 8), (byte)i, 0], 24),
                AllowedIp.FromBytes([0xFD, 0x50, (byte)(i >> 8), (byte)i, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 48),
            ]);
            byte[] packet = new byte[40];
            (packet[0], packet[3]) = (0x45, 40);
            (packet[16], packet[17], packet[18], packet[19]) = (10, (byte)(i >> 8), (byte)i, 9);
            _destinations[(i * 397) % Peers] = packet;
        }
    }

    [Benchmark]
    public int Seal()
    {
        _packet.CopyTo(_buffer, 16);
        _ = _peer.TryBeginSeal(1, _now.Ns, out SealBatch batch);
        int length = batch.Seal(_suite, _buffer, InnerBytes);
        batch.Dispose();
        return length;
    }

    /// <summary>
    /// Copied first, since it is opened in place; the second time it is a replay, which is found out last.
    /// </summary>
    [Benchmark]
    public DropReason Open()
    {
        _sealed.CopyTo(_buffer, 0);
        return _right.Receive(_suite, _buffer, _there, _now, _reply).Reason;
    }

    /// <summary>Both ends: initiation, answer, and what the initiator makes of it.</summary>
    [Benchmark]
    public long Handshake()
    {
        _now = new Moment(_now.Ns + 6_000_000_000, _now.UnixNs + 6_000_000_000);
        int length = _peer.Initiate(_suite, _output, _now);
        ReceiveOutcome answer = _right.Receive(_suite, _output.AsSpan(0, length), _there, _now, _reply);
        ReceiveOutcome confirmed = _left.Receive(_suite, _reply.AsSpan(0, answer.Length), _there, _now, _output);
        _ = _right.Receive(_suite, _output.AsSpan(0, confirmed.Length), _there, _now, _reply);
        if (confirmed.Length != 32) { throw new InvalidOperationException("No handshake came about."); }
        return _peer.Handshakes;
    }

    [Benchmark]
    public Peer? RouteAmongAThousand()
    {
        _next = _next + 1 == Peers ? 0 : _next + 1;
        return _many.Route(_destinations[_next]);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _left.Dispose();
        _right.Dispose();
        _many.Dispose();
        _suite.Dispose();
        GC.SuppressFinalize(this);
    }
}
