using System.Net;
using System.Net.Sockets;
using EdgeProxy.Testing;

namespace EdgeProxy.Linux.Tests;

public sealed class UdpSocketTests : IDisposable
{
    private const ulong MappedLoopback = 0x0000_FFFF_7F00_0001UL;
    private readonly NativeBuffer _bytes = new(1 << 20);
    private readonly UdpReceiveBatch _received = new(8);

    public void Dispose()
    {
        _bytes.Dispose();
        _received.Dispose();
    }

    public static TheoryData<ulong> Loopbacks => [MappedLoopback, 1];

    [Theory, MemberData(nameof(Loopbacks))]
    public void Send_WhenDatagramsStandBackToBack_ArriveAsTheyWereWithTheirAddressesAndTrafficClass(ulong loopback)
    {
        using UdpSocket from = Open(), to = Open();
        using UdpSendBatch batch = new(from, UdpSendBatch.SegmentsMax);
        Fill(10_000);

        const byte Class = 0x2 | (46 << 2);
        Assert.True(batch.TryAdd(_bytes, new BufferPiece(0, 10_000), 1_452, To(loopback, to), default, Class, 7));
        Assert.Equal(1, batch.Left);
        Assert.True(from.Send(batch).Ok);
        Assert.Equal(0, batch.Left);
        Assert.Empty(batch.Failures.ToArray());

        UdpMessage[] messages = Receive(to, 10_000);
        Assert.Equal(_bytes.Bytes[..10_000].ToArray(), Joined(messages));
        Assert.All(messages, message =>
        {
            Assert.Equal(Class, message.TrafficClass);
            Assert.Equal((0UL, loopback, from.Port), (message.Source.High, message.Source.Low, message.Source.Port));
            Assert.Equal((0UL, loopback), (message.Local.High, message.Local.Low));
            Assert.Equal(Math.Min(1_452, message.Length), message.SegmentBytes);
        });
        if (to.CoalescesOnReceive && from.SegmentsOnSend) { Assert.Single(messages); }
    }

    [Theory, MemberData(nameof(Loopbacks))]
    public void Send_WhenTheOtherEndDoesNotCoalesce_ArrivesAsSingleDatagrams(ulong loopback)
    {
        using UdpSocket from = Open();
        using UdpSocket to = Open(new UdpSettings { Offloads = false });
        using UdpSendBatch batch = new(from, UdpSendBatch.SegmentsMax);
        Fill(5_000);

        Assert.True(batch.TryAdd(_bytes, new BufferPiece(0, 5_000), 1_300, To(loopback, to), default, 0, 0));
        Assert.True(from.Send(batch).Ok);

        Assert.Equal([1_300, 1_300, 1_300, 1_100], Receive(to, 5_000).Select(static m => m.Length));
    }

    [Fact]
    public void TryAdd_WhenMoreThanAMessageHolds_MakesSeveral()
    {
        using UdpSocket from = Open(), to = Open();
        using UdpSendBatch batch = new(from, UdpSendBatch.SegmentsMax);
        Fill(200_000);

        Assert.True(batch.TryAdd(_bytes, new BufferPiece(0, 200_000), 1_452, To(1, to), default, 0, 0));
        Assert.Equal(4, batch.Left); // 45 segments of 1,452 are the most that fit 65,507.
        Assert.True(from.Send(batch).Ok);

        Assert.Equal(_bytes.Bytes[..200_000].ToArray(), Joined(Receive(to, 200_000)));
    }

    [Fact]
    public void TryAdd_WhenTheSocketDoesNotSegment_MakesAMessageOfEachDatagramAndRefusesWhatHasNoRoom()
    {
        using UdpSocket from = Open(new UdpSettings { Offloads = false }), to = Open();
        using UdpSendBatch batch = new(from, UdpSendBatch.SegmentsMax);
        Fill(64_000);

        Assert.True(batch.TryAdd(_bytes, new BufferPiece(0, 63_500), 1_000, To(1, to), default, 0, 0));
        Assert.Equal(64, batch.Left);
        Assert.False(batch.TryAdd(_bytes, new BufferPiece(63_500, 500), 500, To(1, to), default, 0, 0));
        Assert.True(from.Send(batch).Ok);
        Assert.True(batch.TryAdd(_bytes, new BufferPiece(63_500, 500), 500, To(1, to), default, 0, 0));
        Assert.True(from.Send(batch).Ok);

        Assert.Equal(_bytes.Bytes[..64_000].ToArray(), Joined(Receive(to, 64_000)));
    }

    [Theory, MemberData(nameof(Loopbacks))]
    public void Send_WhenNobodyListens_ReportsNothingEvenLater(ulong loopback)
    {
        using UdpSocket from = Open();
        ushort closed;
        using (UdpSocket gone = Open()) { closed = gone.Port; }
        using UdpSendBatch batch = new(from, UdpSendBatch.SegmentsMax);

        for (int i = 0; i < 3; i++)
        {
            SocketAddress there = SocketAddress.From(0, loopback, closed);
            Assert.True(batch.TryAdd(_bytes, new BufferPiece(0, 100), 100, there, default, 0, 0));
            Assert.True(from.Send(batch).Ok);
            Assert.Empty(batch.Failures.ToArray());
        }

        Assert.Equal(Errno.EAGAIN, from.Receive(_received).Error);
        Assert.Equal(0, _received.Count);
    }

    [Theory]
    [InlineData(MappedLoopback, 0x0000_FFFF_C000_0201UL, Errno.ENETUNREACH)] // 192.0.2.1
    [InlineData(1, 0x1234, Errno.EINVAL)] // ::1234
    public void Send_WhenASourceIsNotOurs_SendsTheOthersAndNamesIt(ulong loopback, ulong foreign, Errno error)
    {
        using UdpSocket from = Open(), to = Open();
        using UdpSendBatch batch = new(from, UdpSendBatch.SegmentsMax);
        SocketAddress source = SocketAddress.From(0, foreign, 0);
        Fill(300);

        Assert.True(batch.TryAdd(_bytes, new BufferPiece(0, 100), 100, To(loopback, to), default, 0, 1));
        Assert.True(batch.TryAdd(_bytes, new BufferPiece(100, 100), 100, To(loopback, to), source, 0, 2));
        Assert.True(batch.TryAdd(_bytes, new BufferPiece(200, 100), 100, To(loopback, to), default, 0, 3));
        Assert.True(from.Send(batch).Ok);

        Assert.Equal([new UdpFailure(2, error)], batch.Failures.ToArray());
        UdpMessage[] messages = Receive(to, 200);
        Assert.Equal([.. _bytes.Bytes[..100], .. _bytes.Bytes[200..300]], Joined(messages));
    }

    [Fact]
    public void Open_WhenThePortIsTaken_SaysSo()
    {
        using UdpSocket first = Open();
        SysResult second = UdpSocket.Open(new UdpSettings { Port = first.Port }, out UdpSocket? socket);
        Assert.Equal(Errno.EADDRINUSE, second.Error);
        Assert.Null(socket);
    }

    [Fact]
    public void Open_WhenThePortIsShared_TakesSeveral()
    {
        using UdpSocket first = Open(new UdpSettings { ReusePort = true });
        using UdpSocket second = Open(new UdpSettings { ReusePort = true, Port = first.Port });
        Assert.Equal(first.Port, second.Port);
    }

    [Fact]
    public void Receive_WhenASenderOfTheFrameworkSends_ReadsItsDatagram()
    {
        using UdpSocket to = Open();
        using UdpClient client = new(AddressFamily.InterNetwork);
        client.Send([1, 2, 3], new IPEndPoint(IPAddress.Loopback, to.Port));

        UdpMessage message = Assert.Single(Receive(to, 3));
        Assert.Equal([1, 2, 3], _received.Buffer.Bytes.Slice(message.Offset, 3).ToArray());
        Assert.Equal(3, message.SegmentBytes);
        Assert.False(message.IsTruncated);
        Assert.Equal(((IPEndPoint)client.Client.LocalEndPoint!).Port, message.Source.Port);
    }

    [Fact]
    public void Send_WhenTheAnswerNamesTheAddressThePeerUsed_LeavesFromIt()
    {
        using UdpSocket one = Open(), other = Open();
        using UdpSendBatch batch = new(one, UdpSendBatch.SegmentsMax), answers = new(other, UdpSendBatch.SegmentsMax);
        const ulong Second = 0x0000_FFFF_7F00_0002UL; // 127.0.0.2

        Assert.True(batch.TryAdd(_bytes, new BufferPiece(0, 10), 10, To(Second, other), default, 0, 0));
        Assert.True(one.Send(batch).Ok);
        UdpMessage asked = Assert.Single(Receive(other, 10));
        Assert.True(answers.TryAdd(_bytes, new BufferPiece(0, 20), 20, asked.Source, asked.Local, 0, 0));
        Assert.True(other.Send(answers).Ok);

        Assert.Equal(Second, Assert.Single(Receive(one, 20)).Source.Low);
    }

    [Fact]
    public void Send_WhenSegmentsAreLargerThanThePathTakes_SendsThemSinglyInFragments()
    {
        Assert.SkipWhen(NetworkNamespace.Missing is not null, NetworkNamespace.Missing ?? "");
        NetworkNamespace.Run(() =>
        {
            NetworkNamespace.Shell("ip", "link", "set", "lo", "up", "mtu", "1280");
            using UdpSocket from = Open(), to = Open();
            using UdpSendBatch batch = new(from, UdpSendBatch.SegmentsMax);
            Fill(9_000);

            Assert.True(batch.TryAdd(_bytes, new BufferPiece(0, 9_000), 3_000, To(MappedLoopback, to), default, 0, 0));
            Assert.True(batch.TryAdd(_bytes, new BufferPiece(0, 9_000), 3_000, To(1, to), default, 0, 0));
            Assert.True(from.Send(batch).Ok);

            Assert.Empty(batch.Failures.ToArray());
            Assert.Equal([.. _bytes.Bytes[..9_000], .. _bytes.Bytes[..9_000]], Joined(Receive(to, 18_000)));
        });
    }

    [Fact]
    public void Send_WhenTheDeviceComputesNoChecksums_SendsEveryDatagram()
    {
        Assert.SkipWhen(NetworkNamespace.Missing is not null, NetworkNamespace.Missing ?? "");
        NetworkNamespace.Run(() =>
        {
            TunSettings settings = new() { Name = "plain", Offloads = false };
            Assert.Equal(TunProblem.None, TunDevice.Open(settings, out TunDevice? device, out _));
            using TunDevice plain = device!;
            NetworkNamespace.Shell("ip", "addr", "add", "10.9.8.1/24", "dev", "plain");
            NetworkNamespace.Shell("ip", "link", "set", "plain", "up");
            using UdpSocket from = Open();
            using UdpSendBatch batch = new(from, UdpSendBatch.SegmentsMax);
            SocketAddress there = SocketAddress.From(0, 0x0000_FFFF_0A09_0802UL, 7); // 10.9.8.2

            Assert.True(batch.TryAdd(_bytes, new BufferPiece(0, 2_500), 1_000, there, default, 0, 0));
            Assert.True(from.Send(batch).Ok); // EIO within before Linux 6.11, segmented by the kernel since.

            Assert.Empty(batch.Failures.ToArray());
            List<int> lengths = [];
            while (lengths.Count < 3)
            {
                PollEntry[] entries = [new PollEntry(plain.Queues[0].Descriptor, PollEvents.Readable)];
                Assert.True(SlowPoll.Wait(entries, 5_000).Value > 0, $"{lengths.Count} of 3 came");
                int length = plain.Queues[0].Read(_bytes, 0, TunQueue.FrameBytesMax).Value;
                if (_bytes.Bytes[TunQueue.HeaderBytes] >> 4 == 4) { lengths.Add(length - TunQueue.HeaderBytes - 28); }
            }

            Assert.Equal([1_000, 1_000, 500], lengths);
        });
    }

    [Fact]
    public void Open_WhenRightsAreHeld_GrantsTheBuffersAndTheMark()
    {
        Assert.SkipWhen(NetworkNamespace.Missing is not null, NetworkNamespace.Missing ?? "");
        NetworkNamespace.Run(() =>
        {
            using UdpSocket socket = Open(new UdpSettings { BufferBytes = 3 << 20, Mark = 0xCA6C });
            Assert.Equal(6 << 20, socket.ReceiveBufferBytes);
            Assert.Equal(6 << 20, socket.SendBufferBytes);
        });
    }

    private static UdpSocket Open(UdpSettings? settings = null)
    {
        SysResult result = UdpSocket.Open(settings ?? new UdpSettings(), out UdpSocket? socket);
        Assert.True(result.Ok, result.Error.ToString());
        return socket!;
    }

    private static SocketAddress To(ulong low, UdpSocket socket) => SocketAddress.From(0, low, socket.Port);

    private void Fill(int length) => new Random(length).NextBytes(_bytes.Bytes[..length]);

    /// <summary>
    /// Receives until so many bytes have come; the messages' bytes follow each other in <see cref="_joined"/>.
    /// </summary>
    private UdpMessage[] Receive(UdpSocket socket, int bytes)
    {
        List<UdpMessage> messages = [];
        _joined.Clear();
        while (_joined.Count < bytes)
        {
            PollEntry[] entries = [new PollEntry(socket.Descriptor, PollEvents.Readable)];
            Assert.True(SlowPoll.Wait(entries, 5_000).Value > 0, $"{_joined.Count} of {bytes} bytes came");
            Assert.True(socket.Receive(_received).Ok);
            for (int i = 0; i < _received.Count; i++)
            {
                UdpMessage message = _received[i];
                messages.Add(message);
                _joined.AddRange(_received.Buffer.Bytes.Slice(message.Offset, message.Length));
            }
        }

        return [.. messages];
    }

    private readonly List<byte> _joined = [];

    private byte[] Joined(UdpMessage[] messages)
    {
        Assert.Equal(messages.Sum(static m => m.Length), _joined.Count);
        return [.. _joined];
    }
}
