using System.Buffers.Binary;
using EdgeProxy.Testing;

namespace EdgeProxy.Linux.Tests;

public sealed class TunDeviceTests
{
    public TunDeviceTests()
    {
        string? missing = NetworkNamespace.Missing ?? (File.Exists("/dev/net/tun") ? null : "no /dev/net/tun here");
        Assert.SkipWhen(missing is not null, missing ?? "");
    }

    [Fact]
    public void Open_WhenTheNameIsFree_MakesAnInterfaceThatGoesAwayWithIt() => NetworkNamespace.Run(() =>
    {
        using (TunDevice device = Open(new TunSettings { Name = "wg-test" }))
        {
            Assert.Equal("wg-test", device.Name);
            Assert.Equal(1, device.Queues.Length);
            Assert.Contains("wg-test", NetworkNamespace.Shell("ip", "link"), StringComparison.Ordinal);
        }

        Assert.DoesNotContain("wg-test", NetworkNamespace.Shell("ip", "link"), StringComparison.Ordinal);
    });

    [Fact]
    public void Open_WhenTheNameHasANumberToFill_IsNumberedByTheKernel() => NetworkNamespace.Run(() =>
    {
        TunSettings settings = new() { Name = "edge%d" };
        using TunDevice first = Open(settings), second = Open(settings);
        Assert.Equal(["edge0", "edge1"], [first.Name, second.Name]);
    });

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Open_WhenAnotherHoldsTheName_SaysTaken(int queues) => NetworkNamespace.Run(() =>
    {
        using TunDevice first = Open(new TunSettings { Name = "taken", Queues = queues });
        Assert.Equal(queues, first.Queues.Length);
        TunProblem problem = TunDevice.Open(new TunSettings { Name = "taken" }, out TunDevice? second, out Errno error);
        // One that has several queues lets in none that is not for several.
        (TunProblem, Errno) other = (TunProblem.NameUnusable, Errno.EINVAL);
        Assert.Equal(queues == 1 ? (TunProblem.NameTaken, Errno.EBUSY) : other, (problem, error));
        Assert.Null(second);
    });

    [Theory]
    [InlineData("lo")]
    [InlineData("")]
    [InlineData("sixteen-letters!")]
    [InlineData("a/b")]
    public void Open_WhenTheNameCannotBeATun_SaysUnusable(string name) => NetworkNamespace.Run(() =>
    {
        TunProblem problem = TunDevice.Open(new TunSettings { Name = name }, out TunDevice? device, out Errno error);
        Assert.Equal((TunProblem.NameUnusable, Errno.EINVAL), (problem, error));
        Assert.Null(device);
    });

    [Fact]
    public void ReadAndWrite_WhenAPingIsAnswered_CarryIt() => NetworkNamespace.Run(() =>
    {
        using TunDevice device = Open(new TunSettings { Name = "ping" });
        using NativeBuffer buffer = new(1 << 17);
        TunQueue queue = device.Queues[0];
        NetworkNamespace.Shell("ip", "addr", "add", "10.9.8.1/24", "dev", "ping");
        NetworkNamespace.Shell("ip", "link", "set", "ping", "up");
        using UdpSocket asker = OpenUdp();
        using UdpSendBatch batch = new(asker, UdpSendBatch.SegmentsMax);
        buffer.Bytes[..5].Fill((byte)'x');
        SocketAddress there = SocketAddress.From(0, 0x0000_FFFF_0A09_0802UL, 7); // 10.9.8.2
        Assert.True(batch.TryAdd(buffer, new BufferPiece(0, 5), 5, there, default, 0, 0));
        Assert.True(asker.Send(batch).Ok);

        // The question, past whatever the kernel says about itself; ends swapped it is the answer.
        const int At = 1_000;
        int length;
        do { length = ReadOne(queue, buffer, At); }
        while ((buffer.Bytes[At + TunQueue.HeaderBytes] >> 4) != 4);
        Span<byte> packet = buffer.Bytes.Slice(At + TunQueue.HeaderBytes, length - TunQueue.HeaderBytes);
        Assert.Equal(20 + 8 + 5, packet.Length);
        (byte[] source, byte[] destination) = (packet[12..16].ToArray(), packet[16..20].ToArray());
        destination.CopyTo(packet[12..]);
        source.CopyTo(packet[16..]);
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(packet[20..]);
        BinaryPrimitives.WriteUInt16BigEndian(packet[20..], 7);
        BinaryPrimitives.WriteUInt16BigEndian(packet[22..], port);
        packet[26..28].Clear(); // No checksum, as IPv4 allows.
        buffer.Bytes.Slice(At, TunQueue.HeaderBytes).Clear();
        BufferPiece[] pieces = [new(At, 30), new(At + 30, 4), new(At + 34, length - 34)];
        Assert.Equal(length, queue.Write(buffer, pieces).Value);

        using UdpReceiveBatch received = new(1);
        Assert.Equal(1, SlowPoll.Wait([new PollEntry(asker.Descriptor, PollEvents.Readable)], 5_000).Value);
        Assert.True(asker.Receive(received).Ok);
        UdpMessage answer = received[0];
        Assert.Equal("xxxxx"u8.ToArray(), received.Buffer.Bytes.Slice(answer.Offset, answer.Length).ToArray());
        Assert.Equal(0x0000_FFFF_0A09_0802UL, answer.Source.Low);
        Assert.Equal(0x0000_FFFF_0A09_0801UL, answer.Local.Low);
    });

    [Fact]
    public void Read_WhenThereIsNothing_SaysAgain_AndWriteWhileDownSaysSo() => NetworkNamespace.Run(() =>
    {
        using TunDevice device = Open(new TunSettings { Name = "quiet", Queues = 2 });
        using NativeBuffer buffer = new(100);
        Assert.Equal(Errno.EAGAIN, device.Queues[1].Read(buffer, 0, 100).Error);
        buffer.Bytes[TunQueue.HeaderBytes] = 0x45;
        Assert.Equal(Errno.EIO, device.Queues[0].Write(buffer, [new BufferPiece(0, 60)]).Error);
    });

    [Fact]
    public void Write_WhenAPieceLiesOutside_IsRefusedBeforeTheKernelSeesIt() => NetworkNamespace.Run(() =>
    {
        using TunDevice device = Open(new TunSettings { Name = "bounds" });
        using NativeBuffer buffer = new(100);
        Assert.Throws<ArgumentOutOfRangeException>(() => device.Queues[0].Write(buffer, [new BufferPiece(90, 11)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => device.Queues[0].Write(buffer, [new BufferPiece(-1, 11)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => device.Queues[0].Read(buffer, 0, 101));
    });

    private static int ReadOne(TunQueue queue, NativeBuffer buffer, int at)
    {
        Assert.Equal(1, SlowPoll.Wait([new PollEntry(queue.Descriptor, PollEvents.Readable)], 5_000).Value);
        SysResult result = queue.Read(buffer, at, TunQueue.FrameBytesMax);
        Assert.True(result.Ok, result.Error.ToString());
        return result.Value;
    }

    private static TunDevice Open(TunSettings settings)
    {
        TunProblem problem = TunDevice.Open(settings, out TunDevice? device, out Errno error);
        Assert.True(problem == TunProblem.None, $"{problem}: {error}");
        return device!;
    }

    private static UdpSocket OpenUdp()
    {
        Assert.True(UdpSocket.Open(new UdpSettings(), out UdpSocket? socket).Ok);
        return socket!;
    }
}
