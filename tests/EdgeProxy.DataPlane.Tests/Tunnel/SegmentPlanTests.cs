namespace EdgeProxy.DataPlane.Tests;

public sealed class SegmentPlanTests
{
    private const int Seed = 9293;
    private const int Rounds = 3_000;

    [Fact]
    public void Write_WhenTheFrameIsAny_GivesThePacketsThatNaiveCuttingGives()
    {
        Random random = new(Seed);
        for (int round = 0; round < Rounds; round++)
        {
            NaivePacket packet = NaivePacket.Random(random, random.Next(1, 60_000)) with
            {
                Flags = (TcpFlags)random.Next(256),
                Sequence = random.Next(4) == 0 ? uint.MaxValue - 1_000 : (uint)random.Next(),
            };
            int segmentBytes = random.Next(1 + (packet.Payload.Length / 100), 1_460);
            byte[] frame = packet.Frame(segmentBytes);
            byte[][] expected = packet.Cut(segmentBytes);

            Assert.Equal(FrameProblem.None, SegmentPlan.TryMake(frame, out SegmentPlan plan));
            Assert.Equal(expected.Length, plan.Count);
            byte[] target = new byte[1_600];
            for (int i = plan.Count - 1; i >= 0; i--)
            {
                int bytes = plan.Write(frame, i, target);
                Assert.Equal(expected[i], target[..bytes]);
                Assert.Equal(bytes, plan.BytesOf(i));
                Assert.Equal(bytes, i == plan.Count - 1 ? plan.LastPacketBytes : plan.PacketBytes);
            }
        }
    }

    [Fact]
    public void Arrange_WhenTakenInOrder_GivesTheSamePackets()
    {
        Random random = new(Seed);
        int arranged = 0;
        for (int round = 0; round < Rounds; round++)
        {
            NaivePacket packet = NaivePacket.Random(random, random.Next(1, 20_000)) with
            {
                Flags = (TcpFlags)random.Next(256),
            };
            int segmentBytes = random.Next(20, 1_460);
            byte[] frame = packet.Frame(segmentBytes);
            byte[][] expected = packet.Cut(segmentBytes);
            Assert.Equal(FrameProblem.None, SegmentPlan.TryMake(frame, out SegmentPlan plan));
            Assert.Equal(segmentBytes >= packet.HeaderBytes || expected.Length == 1, plan.CanBeArranged);
            if (!plan.CanBeArranged) { continue; }
            arranged++;
            for (int i = 0; i < plan.Count; i++)
            {
                int at = plan.Arrange(frame, i);
                Assert.Equal(expected[i], frame[at..(at + plan.BytesOf(i))]);
            }
        }

        Assert.True(arranged > Rounds / 2);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Write_WhenNothingIsToBeCut_CompletesTheChecksum(bool isIPv6, bool isUdp)
    {
        Random random = new(Seed);
        for (int length = 0; length < 300; length++)
        {
            NaivePacket packet = NaivePacket.Random(random, length) with { IsIPv6 = isIPv6, IsUdp = isUdp };
            byte[] frame = packet.Frame(0);
            frame[1] = (byte)VirtioGso.None;
            byte[] target = new byte[1_600];

            Assert.Equal(FrameProblem.None, SegmentPlan.TryMake(frame, out SegmentPlan plan));
            Assert.Equal(1, plan.Count);
            Assert.Equal(packet.Wire(), target[..plan.Write(frame, 0, target)]);
            Assert.True(plan.CanBeArranged);
            int at = plan.Arrange(frame, 0);
            Assert.Equal(packet.Wire(), frame[at..(at + plan.PacketBytes)]);
        }
    }

    [Fact]
    public void Write_WhenAUdpChecksumComesOutAsZero_SaysAllOnes()
    {
        // The payload makes up for the rest: its two bytes are the checksum without them.
        NaivePacket packet = new() { IsUdp = true, Payload = [0, 0] };
        byte[] wire = packet.Wire();
        byte[] frame = (packet with { Payload = [wire[26], wire[27]] }).Frame(2);
        byte[] target = new byte[100];

        Assert.Equal(FrameProblem.None, SegmentPlan.TryMake(frame, out SegmentPlan plan));
        Assert.Equal(30, plan.Write(frame, 0, target));
        Assert.Equal([0xFF, 0xFF], target[26..28]);
    }

    [Fact]
    public void Write_WhenNothingIsLeftToDo_GivesThePacketAsItIs()
    {
        byte[] wire = new NaivePacket { Payload = [1, 2, 3] }.Wire();
        byte[] target = new byte[100];
        Assert.Equal(FrameProblem.None, SegmentPlan.TryMake([.. new byte[10], .. wire, 9, 9], out SegmentPlan plan));
        Assert.Equal(wire.Length, plan.Write([.. new byte[10], .. wire, 9, 9], 0, target));
        Assert.Equal(wire, target[..wire.Length]);
    }

    public static TheoryData<string, byte[]> Bad
    {
        get
        {
            byte[] tcp = new NaivePacket { Payload = new byte[3_000] }.Frame(1_000);
            TheoryData<string, byte[]> bad = new()
            {
                { "empty", [] },
                { "NoPacket", tcp[..9] },
                { "NoPacket", tcp[..29] },
                { "NoPacket", tcp[..200] }, // Shorter than its IP header says.
            };
            Add(bad, "NoPacket", tcp, (10, 0x55));     // IP version 5.
            Add(bad, "NoPacket", tcp, (10, 0x44));     // A header of 16 bytes.
            Add(bad, "UnknownGso", tcp, (1, 3));       // UDP fragments.
            Add(bad, "UnknownGso", tcp, (1, 4));       // IPv6's kind.
            Add(bad, "BadOffsets", tcp, (0, 0));       // Cut without a checksum to compute.
            Add(bad, "BadOffsets", tcp, (4, 0), (5, 0)); // Segments of no size.
            Add(bad, "BadOffsets", tcp, (6, 24));      // TCP that begins elsewhere.
            Add(bad, "BadOffsets", tcp, (8, 6));       // UDP's field.
            Add(bad, "BadOffsets", tcp, (42, 0x40));   // A TCP header of 16 bytes.
            Add(bad, "BadOffsets", tcp, (16, 0x20));   // A fragment.
            Add(bad, "BadOffsets", tcp, (1, 0), (7, 0x7F)); // A checksum that starts far behind.
            return bad;
        }
    }

    [Theory, MemberData(nameof(Bad))]
    public void TryMake_WhenTheFrameContradictsItself_SaysHow(string problem, byte[] frame)
    {
        FrameProblem found = SegmentPlan.TryMake(frame, out _);
        Assert.Equal(problem == "empty" ? FrameProblem.NoPacket : Enum.Parse<FrameProblem>(problem), found);
    }

    private static void Add(
        TheoryData<string, byte[]> bad, string problem, byte[] frame, params (int At, byte Value)[] changes)
    {
        byte[] changed = [.. frame];
        foreach ((int at, byte value) in changes) { changed[at] = value; }
        bad.Add(problem, changed);
    }
}
