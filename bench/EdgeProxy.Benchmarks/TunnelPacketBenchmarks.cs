using BenchmarkDotNet.Attributes;
using EdgeProxy.DataPlane;

namespace EdgeProxy.Benchmarks;

/// <summary>What 64 KB of TCP cost in the packet functions: summed, cut for an MTU of 1,420, joined again.</summary>
[MemoryDiagnoser]
public class TunnelPacketBenchmarks
{
    private const int SegmentBytes = 1_368; // An MTU of 1,420 less IPv4, TCP and its timestamps.
    private const int HeaderBytes = 52;
    private const int Packets = 47;
    private const int StrideBytes = 1_456;
    private readonly byte[] _frame = new byte[VirtioHeader.Bytes + HeaderBytes + (Packets * SegmentBytes)];
    private readonly byte[] _arranged = new byte[VirtioHeader.Bytes + HeaderBytes + (Packets * SegmentBytes)];
    private readonly byte[] _wire = new byte[Packets * StrideBytes];
    private readonly byte[] _copy = new byte[1 << 16];
    private readonly byte[] _bytes = new byte[1 << 16];
    private readonly PacketCoalescer _coalescer = new(Packets);

    [GlobalSetup]
    public void Fill()
    {
        new Random(1).NextBytes(_bytes);
        new Random(2).NextBytes(_frame);
        int total = _frame.Length - VirtioHeader.Bytes;
        byte[] ip = [0x45, 0, (byte)(total >> 8), (byte)total, 0, 1, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
        ip.CopyTo(_frame, VirtioHeader.Bytes);
        _frame[VirtioHeader.Bytes + 32] = 0x80; // A header of 32 bytes.
        _frame[VirtioHeader.Bytes + 33] = 0x10; // ACK.
        new VirtioHeader(true, VirtioGso.Tcp4, false, HeaderBytes, SegmentBytes, 20, 16).Write(_frame);
        bool works = Cut() == Packets && CutAndJoin() == 1;
        if (!works) { throw new InvalidOperationException("The frame was not cut or not joined."); }
    }

    [Benchmark]
    public uint Sum() => InternetChecksum.Add(0, _bytes);

    [Benchmark]
    public uint CopyAndSum() => InternetChecksum.CopyAndAdd(0, _bytes, _copy);

    [Benchmark]
    public void Copy() => _bytes.CopyTo(_copy, 0);

    [Benchmark]
    public int Cut()
    {
        if (SegmentPlan.TryMake(_frame, out SegmentPlan plan) != FrameProblem.None) { return 0; }
        for (int i = 0; i < plan.Count; i++) { plan.Write(_frame, i, _wire.AsSpan((i * StrideBytes) + 16)); }
        return plan.Count;
    }

    /// <summary>
    /// For a cipher that writes elsewhere; less <see cref="Copy"/>, which keeps the frame whole here.
    /// </summary>
    [Benchmark]
    public int CopyAndArrange()
    {
        _frame.CopyTo(_arranged, 0);
        if (SegmentPlan.TryMake(_arranged, out SegmentPlan plan) != FrameProblem.None) { return 0; }
        int at = 0;
        for (int i = 0; i < plan.Count; i++) { at += plan.Arrange(_arranged, i); }
        return at;
    }

    /// <summary>Less <see cref="Cut"/> is joining, which changes the first packet: they are made anew.</summary>
    [Benchmark]
    public int CutAndJoin()
    {
        Cut();
        _coalescer.Clear();
        for (int i = 0; i < Packets; i++)
        {
            int offset = (i * StrideBytes) + 16;
            if (!PacketHeader.TryParse(_wire.AsSpan(offset, StrideBytes - 16), out PacketHeader header)) { return 0; }
            _coalescer.TryAdd(_wire, offset, header);
        }

        int pieces = 0;
        for (int i = 0; i < _coalescer.Count; i++) { pieces += _coalescer.Take(_wire, i).Length; }
        return pieces == Packets ? _coalescer.Count : 0;
    }
}
