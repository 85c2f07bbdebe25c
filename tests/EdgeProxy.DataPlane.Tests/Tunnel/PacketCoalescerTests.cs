using EdgeProxy.Linux;

namespace EdgeProxy.DataPlane.Tests;

public sealed class PacketCoalescerTests
{
    private const int Seed = 5681;
    private const int StrideBytes = 1_600;
    private const int HeadroomBytes = 16;
    private const int PacketsMax = 512;
    private readonly byte[] _buffer = new byte[PacketsMax * StrideBytes];
    private readonly PacketCoalescer _coalescer = new(PacketsMax);
    private int _added;

    [Fact]
    public void Take_WhenAFrameWasCut_GivesItBack()
    {
        Random random = new(Seed);
        for (int round = 0; round < 500; round++)
        {
            NaivePacket packet = NaivePacket.Random(random, random.Next(1, 65_000)) with { IsUdp = false };
            int segmentBytes = Math.Min(random.Next(1 + (packet.Payload.Length / 100), 1_460), packet.Payload.Length);
            Begin();
            foreach (byte[] part in packet.Cut(segmentBytes)) { Add(part); }

            byte[] frame = Assert.Single(Frames());
            byte[] expected = packet.Frame(segmentBytes);
            if (packet.Payload.Length == segmentBytes) { expected[1] = expected[2] = expected[4] = expected[5] = 0; }
            Assert.Equal(expected, frame);
        }
    }

    [Fact]
    public void Take_WhenFlowsAreMixedAndDamaged_CutsBackToWhatCameInsideEachFlow()
    {
        Random random = new(Seed);
        for (int round = 0; round < 300; round++)
        {
            List<byte[]> arrived = MixedArrivals(random);
            Begin();
            foreach (byte[] packet in arrived) { Add(packet); }
            List<byte[]> left = [];
            foreach (byte[] frame in Frames())
            {
                Assert.Equal(FrameProblem.None, SegmentPlan.TryMake(frame, out SegmentPlan plan));
                for (int i = 0; i < plan.Count; i++)
                {
                    byte[] target = new byte[StrideBytes];
                    left.Add(target[..plan.Write(frame, i, target)]);
                }
            }

            Assert.Equal(arrived.Count, left.Count);
            Assert.Equal(ByFlow(arrived), ByFlow(left));
        }
    }

    [Fact]
    public void Take_WhenTwentyFlowsComeInTurn_JoinsSixteenAtLeastInPart()
    {
        Begin();
        for (int round = 0; round < 10; round++)
        {
            for (byte flow = 0; flow < 16; flow++) { Add(Part(round) with { Host = flow }); }
        }

        Assert.Equal(16, _coalescer.Count);
        for (byte flow = 16; flow < 20; flow++) { Add(Part(0) with { Host = flow }); }
        Assert.Equal(20, _coalescer.Count);
        for (byte flow = 16; flow < 20; flow++) { Add(Part(1) with { Host = flow }); }
        Assert.Equal(20, _coalescer.Count); // Four made room for the latest four.
        for (byte flow = 0; flow < 16; flow++) { Add(Part(10) with { Host = flow }); }
        Assert.True(_coalescer.Count > 20);
    }

    public static TheoryData<string> Differences =>
    [
        "sequence", "repeated", "acknowledgement", "window", "options", "class", "hops", "df", "id", "label", "longer",
        "syn", "fin", "rst", "urg", "ece", "cwr", "empty", "checksum", "ip checksum", "port", "family", "fragment",
        "ip options",
    ];

    [Theory, MemberData(nameof(Differences))]
    public void TryAdd_WhenThePacketDiffers_LeavesItAlone(string difference)
    {
        bool isIPv6 = difference == "label";
        NaivePacket first = Part(0) with { IsIPv6 = isIPv6, DontFragment = difference != "id" };
        NaivePacket second = Part(1) with { IsIPv6 = isIPv6, DontFragment = difference != "id", Id = 1 };
        byte[] wire = (difference switch
        {
            "sequence" => second with { Sequence = second.Sequence + 1 },
            "repeated" => first,
            "acknowledgement" => second with { Acknowledgement = 78 },
            "window" => second with { Window = 1 },
            "options" => second with { Options = [1, 1, 1, 1] },
            "class" => second with { TrafficClass = 3 },
            "hops" => second with { Hops = 63 },
            "df" => second with { DontFragment = false },
            "id" => second with { Id = 2 },
            "label" => second with { FlowLabel = 1 },
            "longer" => second with { Payload = new byte[1_001] },
            "syn" => second with { Flags = TcpFlags.Ack | TcpFlags.Syn },
            "fin" => second with { Flags = TcpFlags.Ack | TcpFlags.Fin },
            "rst" => second with { Flags = TcpFlags.Ack | TcpFlags.Rst },
            "urg" => second with { Flags = TcpFlags.Ack | TcpFlags.Urg },
            "ece" => second with { Flags = TcpFlags.Ack | TcpFlags.Ece },
            "cwr" => second with { Flags = TcpFlags.Ack | TcpFlags.Cwr },
            "empty" => second with { Payload = [] },
            "port" => second with { SourcePort = 1 },
            "family" => second with { IsIPv6 = true },
            _ => second,
        }).Wire();
        switch (difference)
        {
            case "checksum": wire[^1] ^= 1; break;
            case "ip checksum": wire[11] ^= 1; break;
            case "fragment": wire[6] |= 0x20; break;
            case "ip options":
                wire = [.. wire[..20], 1, 1, 1, 1, .. wire[20..]];
                wire[0] = 0x46;
                wire[3] += 4;
                break;
            default: break;
        }

        Begin();
        Add(first);
        Add([.. wire]);
        Assert.Equal(2, _coalescer.Count);
        List<byte[]> frames = Frames();
        Assert.Equal(wire.Length, frames[1].Length - VirtioHeader.Bytes);
        bool isDamaged = difference is "checksum" or "ip checksum";
        if (isDamaged) { Assert.Equal([.. new byte[VirtioHeader.Bytes], .. wire], frames[1]); }

        // The same two without the difference are joined.
        Begin();
        Add(first);
        Add(second);
        Assert.Equal(1, _coalescer.Count);
    }

    [Fact]
    public void TryAdd_WhenAPacketIsShorterOrPushed_EndsItsFrame()
    {
        Begin();
        Add(Part(0));
        Add(Part(1) with { Payload = new byte[999] });
        Add(Part(2) with { Sequence = 1_000 + 999 });
        Assert.Equal(2, _coalescer.Count);

        Begin();
        Add(Part(0));
        Add(Part(1) with { Flags = TcpFlags.Ack | TcpFlags.Psh });
        Add(Part(2));
        Assert.Equal(2, _coalescer.Count);
        Assert.Equal((byte)(TcpFlags.Ack | TcpFlags.Psh), Frames()[0][VirtioHeader.Bytes + 20 + 13]);
    }

    [Fact]
    public void TryAdd_WhenTheFrameIsFull_BeginsAnother()
    {
        Begin();
        for (int i = 0; i < 100; i++) { Add(Part(i)); }
        Assert.Equal([65, 35], Frames().Select(static frame => (frame.Length - VirtioHeader.Bytes - 40) / 1_000));
    }

    [Fact]
    public void TryAdd_WhenPaddingFollows_LeavesItOut()
    {
        Begin();
        Add([.. Part(0).Wire(), 0, 0, 0, 0, 0, 0, 0, 0]);
        Add([.. Part(1).Wire(), 0, 0, 0, 0, 0, 0, 0, 0]);
        Assert.Equal(VirtioHeader.Bytes + 40 + 2_000, Assert.Single(Frames()).Length);
    }

    [Fact]
    public void TryAdd_WhenThereIsNoRoom_SaysSo()
    {
        Begin();
        for (int i = 0; i < PacketsMax; i++) { Add(new NaivePacket { IsUdp = true, Payload = [1] }); }
        Assert.True(PacketHeader.TryParse(_buffer.AsSpan(HeadroomBytes, 29), out PacketHeader header));
        Assert.False(_coalescer.TryAdd(_buffer, HeadroomBytes, header));
        Assert.Equal(PacketsMax, Frames().Count);
        _coalescer.Clear();
        Assert.True(_coalescer.TryAdd(_buffer, HeadroomBytes, header));
    }

    private static NaivePacket Part(int index) => new()
    {
        Sequence = (uint)(index * 1_000),
        Id = (ushort)index,
        Payload = Enumerable.Repeat((byte)index, 1_000).ToArray(),
    };

    /// <summary>
    /// Up to five flows of random parts, interleaved; some parts are damaged, doubled, lost, moved or no TCP.
    /// </summary>
    private static List<byte[]> MixedArrivals(Random random)
    {
        List<Queue<byte[]>> flows = [];
        for (byte flow = 0; flow < random.Next(1, 6); flow++)
        {
            NaivePacket whole = NaivePacket.Random(random, random.Next(1, 40_000)) with { Host = flow };
            flows.Add(new Queue<byte[]>(whole.Cut(random.Next(500, 1_400))));
        }

        List<byte[]> arrived = [];
        while (flows.Count > 0)
        {
            Queue<byte[]> flow = flows[random.Next(flows.Count)];
            int run = random.Next(1, 8);
            for (; run > 0 && flow.TryDequeue(out byte[]? packet); run--)
            {
                byte[] copy = [.. packet];
                int chance = random.Next(40);
                if (chance == 0) { copy[random.Next(34, copy.Length)] ^= (byte)(1 << random.Next(8)); }
                if (chance != 1) { arrived.Add(copy); }
                if (chance == 2) { arrived.Add([.. copy]); }
            }

            if (flow.Count == 0) { flows.Remove(flow); }
        }

        return arrived;
    }

    private static List<string> ByFlow(List<byte[]> packets) =>
    [
        .. packets.Select(static (packet, i) => (Flow: FlowOf(packet), Index: i, Text: Convert.ToHexString(packet)))
            .OrderBy(static p => p.Flow, StringComparer.Ordinal).ThenBy(static p => p.Index).Select(static p => p.Text),
    ];

    private static string FlowOf(byte[] packet) =>
        Convert.ToHexString(packet[0] >> 4 == 6 ? packet.AsSpan(8, 36) : packet.AsSpan(12, 12));

    private void Begin()
    {
        _coalescer.Clear();
        _added = 0;
    }

    private void Add(NaivePacket packet) => Add(packet.Wire());

    private void Add(byte[] packet)
    {
        int offset = (_added++ * StrideBytes) + HeadroomBytes;
        packet.CopyTo(_buffer, offset);
        Assert.True(PacketHeader.TryParse(packet, out PacketHeader header));
        Assert.True(_coalescer.TryAdd(_buffer, offset, header));
    }

    private List<byte[]> Frames()
    {
        List<byte[]> frames = [];
        for (int i = 0; i < _coalescer.Count; i++)
        {
            List<byte> frame = [];
            foreach (BufferPiece piece in _coalescer.Take(_buffer, i))
            {
                frame.AddRange(_buffer.AsSpan(piece.Offset, piece.Length));
            }

            frames.Add([.. frame]);
        }

        return frames;
    }
}
