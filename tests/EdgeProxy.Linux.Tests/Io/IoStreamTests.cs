using EdgeProxy.Testing;

namespace EdgeProxy.Linux.Tests;

/// <summary>Bytes: what every engine must do with receive, send, buffers and splice.</summary>
public sealed class IoStreamTests
{
    public static TheoryData<Poller> Pollers => IoDriver.Pollers;

    [Theory, MemberData(nameof(Pollers))]
    public void Receive_WhenBytesComeInPieces_StaysArmedAndKeepsOrder(Poller poller) => IoDriver.Run(poller, static d =>
    {
        (Fd socket, PeerLink link) = d.AcceptOne();
        ulong token = d.NewToken();
        d.Io.Receive(socket, token);
        for (byte i = 0; i < 20; i++)
        {
            d.SendFromPeer(link, 7, first: (byte)(i * 7));
            Assert.Equal([.. Enumerable.Range(i * 7, 7).Select(static b => (byte)b)], d.Receive(socket, ref token, 7));
        }

        link.Finish();
        Completion end = d.Last(token);
        Assert.Equal(0, end.Result);
        d.Io.Close(socket);
    });

    [Theory, MemberData(nameof(Pollers))]
    public void Receive_WhenPeerResets_EndsWithReset(Poller poller) => IoDriver.Run(poller, static d =>
    {
        (Fd socket, PeerLink link) = d.ConnectOne();
        ulong token = d.NewToken();
        d.Io.Receive(socket, token);
        link.Reset();
        Assert.Equal(Errno.ECONNRESET, d.Last(token).Error);
        d.Io.Close(socket);
    });

    [Theory, MemberData(nameof(Pollers))]
    public void Receive_WhenCancelledAndArmedAgain_LosesNothing(Poller poller) => IoDriver.Run(poller, static d =>
    {
        (Fd socket, PeerLink link) = d.AcceptOne();
        List<byte> all = [];
        for (int round = 0; round < 10; round++)
        {
            ulong token = d.NewToken();
            d.Io.Receive(socket, token);
            d.SendFromPeer(link, 10, first: (byte)(round * 10));
            d.Io.Cancel(socket, token);
            Completion completion;
            do
            {
                completion = d.Next(token);
                if (completion.Buffer < 0) { continue; }
                all.AddRange(d.Io.Bytes(completion.Buffer)[..completion.Result]);
                d.Io.Return(completion.Buffer);
            }
            while (completion.More);
            Assert.True(completion.Error is Errno.ECANCELED or Errno.None, $"{completion}");
        }

        ulong last = d.NewToken();
        d.Io.Receive(socket, last);
        all.AddRange(d.Receive(socket, ref last, 100 - all.Count));
        Assert.Equal([.. Enumerable.Range(0, 100).Select(static b => (byte)b)], all);
        d.Io.Cancel(socket, last);
        d.Last(last);
        d.Io.Close(socket);
    });

    [Theory, MemberData(nameof(Pollers))]
    public void Receive_WhenNoBufferIsFree_EndsWithNobufsAndGoesOnLater(Poller poller) => IoDriver.Run(
        poller,
        static d =>
        {
            (Fd socket, PeerLink link) = d.AcceptOne();
            List<int> held = [];
            ulong token = d.NewToken();
            d.Io.Receive(socket, token);
            d.SendFromPeer(link, 100_000);

            // Every buffer there is, whether rented or received into, ends up here.
            Completion completion;
            List<byte> all = [];
            do
            {
                completion = d.Next(token);
                if (completion.Buffer < 0) { continue; }
                all.AddRange(d.Io.Bytes(completion.Buffer)[..completion.Result]);
                held.Add(completion.Buffer);
                while (d.Io.TryRent(out int rented)) { held.Add(rented); }
            }
            while (completion.More);
            Assert.Equal(Errno.ENOBUFS, completion.Error);

            held.ForEach(d.Io.Return);
            while (all.Count < 100_000)
            {
                d.Io.Receive(socket, token);
                do
                {
                    completion = d.Next(token);
                    if (completion.Buffer < 0) { continue; }
                    all.AddRange(d.Io.Bytes(completion.Buffer)[..completion.Result]);
                    d.Io.Return(completion.Buffer);
                }
                while (completion.More && all.Count < 100_000);
            }

            Assert.Equal([.. Enumerable.Range(0, 100_000).Select(static b => (byte)b)], all);
            if (completion.More)
            {
                d.Io.Cancel(socket, token);
                Assert.Equal(Errno.ECANCELED, d.Last(token).Error);
            }

            d.Io.Close(socket);
        },
        buffersMax: 4);

    [Theory, MemberData(nameof(Pollers))]
    public void Send_WhenPeerReads_GoesOutWhole(Poller poller) => IoDriver.Run(poller, static d =>
    {
        (Fd socket, PeerLink link) = d.ConnectOne();
        ulong token = d.Send(socket, d.Io.BufferBytes, out int buffer);
        Assert.Equal(d.Io.BufferBytes, d.Next(token).Result);
        byte[] got = d.ReadAtPeer(link, d.Io.BufferBytes, out _);
        Assert.Equal(d.Io.Bytes(buffer).ToArray(), got);
        d.Io.Return(buffer);
        d.Io.Close(socket);
    });

    [Theory, MemberData(nameof(Pollers))]
    public void Send_WhenPeerStopsReading_WaitsUntilItReadsAgain(Poller poller) => IoDriver.Run(poller, static d =>
    {
        (Fd socket, PeerLink link) = d.AcceptOne();
        long sent = FillUntilStuck(d, socket, out ulong stuck, out int buffer);
        Assert.True(d.Io.UnsentBytes(socket).Value > 0);
        byte[] all = d.ReadAtPeer(link, (int)sent + d.Io.BufferBytes, out _);
        Assert.Equal(d.Io.BufferBytes, d.Next(stuck).Result);
        Assert.Equal(sent + d.Io.BufferBytes, all.Length);
        d.Io.Return(buffer);
        d.Io.Close(socket);
    });

    [Theory, MemberData(nameof(Pollers))]
    public void Send_WhenCancelledHalfway_SaysHowMuchWentOut(Poller poller) => IoDriver.Run(poller, static d =>
    {
        (Fd socket, PeerLink link) = d.AcceptOne();
        long sent = FillUntilStuck(d, socket, out ulong stuck, out int buffer);
        d.Io.Cancel(socket, stuck);
        Completion completion = d.Next(stuck);
        Assert.True(completion.Error == Errno.ECANCELED || completion.Result is > 0, $"{completion}");
        sent += Math.Max(0, completion.Result);
        d.Io.Return(buffer);
        d.Io.Close(socket);
        Assert.Equal(sent, d.ReadAtPeer(link, int.MaxValue, out int end).Length);
        Assert.Equal(0, end);
    });

    [Theory, MemberData(nameof(Pollers))]
    public void Send_WhenPeerHasReset_Fails(Poller poller) => IoDriver.Run(poller, static d =>
    {
        (Fd socket, PeerLink link) = d.AcceptOne();
        ulong receive = d.NewToken();
        d.Io.Receive(socket, receive);
        link.Reset();
        Assert.Equal(Errno.ECONNRESET, d.Last(receive).Error);
        ulong send = d.Send(socket, 10, out int buffer);
        Assert.Equal(Errno.EPIPE, d.Next(send).Error);
        d.Io.Return(buffer);
        d.Io.Close(socket);
    });

    [Theory, MemberData(nameof(Pollers))]
    public void Send_WhenPeerResetsWhileItIsStuck_EndsShort(Poller poller) => IoDriver.Run(poller, static d =>
    {
        (Fd socket, PeerLink link) = d.AcceptOne();
        FillUntilStuck(d, socket, out ulong stuck, out int buffer);
        link.Reset();
        Assert.InRange(d.Next(stuck).Result, int.MinValue, d.Io.BufferBytes - 1);
        d.Io.Return(buffer);
        d.Io.Close(socket);
    });

    [Theory, MemberData(nameof(Pollers))]
    public void ShutdownSend_WhenPeerStillSends_ClosesOneDirectionOnly(Poller poller) => IoDriver.Run(poller, static d =>
    {
        (Fd socket, PeerLink link) = d.ConnectOne();
        ulong receive = d.NewToken();
        d.Io.Receive(socket, receive);
        ulong send = d.Send(socket, 4, out int buffer);
        Assert.Equal(4, d.Next(send).Result);
        Assert.True(d.Io.ShutdownSend(socket).Ok);
        Assert.Equal(4, d.ReadAtPeer(link, 5, out int end).Length);
        Assert.Equal(0, end);
        d.SendFromPeer(link, 9);
        Assert.Equal(9, d.Receive(socket, ref receive, 9).Length);
        link.Close();
        Assert.Equal(0, d.Last(receive).Result);
        d.Io.Return(buffer);
        d.Io.Close(socket);
    });

    [Theory, MemberData(nameof(Pollers))]
    public void ShutdownSend_WhenPeerHasReset_Fails(Poller poller) => IoDriver.Run(poller, static d =>
    {
        (Fd socket, PeerLink link) = d.ConnectOne();
        ulong receive = d.NewToken();
        d.Io.Receive(socket, receive);
        link.Reset();
        d.Last(receive);
        Assert.Equal(Errno.ENOTCONN, d.Io.ShutdownSend(socket).Error);
        d.Io.Close(socket);
    });

    [Theory, MemberData(nameof(Pollers))]
    public void Set_WhenOptionIsKnown_IsTaken(Poller poller) => IoDriver.Run(poller, static d =>
    {
        (Fd socket, PeerLink _) = d.ConnectOne();
        foreach (SocketOption option in Enum.GetValues<SocketOption>())
        {
            if (option == SocketOption.FastOpenConnect) { continue; } // For a socket that is not yet connected.
            Assert.True(d.Io.Set(socket, option, 1).Ok, $"{option}");
        }

        d.Io.Close(socket);
    });

    [Theory, MemberData(nameof(Pollers))]
    public void Poll_WhenLowWaterMarkIsSet_WaitsForThatMany(Poller poller) => IoDriver.Run(poller, static d =>
    {
        (Fd socket, PeerLink link) = d.AcceptOne();
        Assert.True(d.Io.Set(socket, SocketOption.ReceiveLowWaterBytes, 1000).Ok);
        ulong token = d.NewToken();
        d.Io.Poll(socket, PollEvents.Readable, token);
        d.SendFromPeer(link, 999);
        for (int i = 0; i < 5; i++) { d.Turn(1_000_000); }
        Assert.False(d.HasAny(token));
        d.SendFromPeer(link, 1);
        Assert.True(((PollEvents)d.Next(token).Result).HasFlag(PollEvents.Readable));
        d.Io.Close(socket);
    });

    [Theory, MemberData(nameof(Pollers))]
    public void Rent_WhenAllAreTaken_SaysSo(Poller poller) => IoDriver.Run(
        poller,
        static d =>
        {
            List<int> held = [];
            while (d.Io.TryRent(out int buffer)) { held.Add(buffer); }
            Assert.Equal(4, held.Count);
            held.ForEach(d.Io.Return);
            Assert.Equal(4, d.Io.BuffersFree);
        },
        buffersMax: 4);

    [Theory, MemberData(nameof(Pollers))]
    public void Splice_WhenBulkFlows_MovesEveryByteInOrder(Poller poller) => IoDriver.Run(poller, static d =>
    {
        const int Bytes = 300_000;
        (Fd source, PeerLink from) = d.AcceptOne();
        (Fd target, PeerLink to) = d.ConnectOne();
        Assert.True(d.Io.OpenPipe(1 << 20, out Fd readEnd, out Fd writeEnd).Ok);
        Peer sender = d.Host.NewPeer("sender", $"send {Bytes}; fin; expect fin");
        Peer receiver = d.Host.NewPeer("receiver", $"expect {Bytes}; expect fin");
        d.Host.Start(sender, from);
        d.Host.Start(receiver, to);
        int inPipe = 0;
        while (true)
        {
            SysResult taken = d.Io.SpliceIn(source, writeEnd, 1 << 20);
            if (taken.Error == Errno.EAGAIN)
            {
                WaitFor(d, source, PollEvents.Readable);
                continue;
            }

            Assert.True(taken.Ok, $"{taken.Error}");
            if (taken.Value == 0) { break; }
            inPipe += taken.Value;
            while (inPipe > 0)
            {
                SysResult given = d.Io.SpliceOut(readEnd, target, inPipe);
                if (given.Ok) { inPipe -= given.Value; }
                else
                {
                    Assert.Equal(Errno.EAGAIN, given.Error);
                    WaitFor(d, target, PollEvents.Writable);
                }
            }
        }

        d.Io.Close(source);
        d.Io.Close(target);
        d.Io.ClosePipe(readEnd);
        d.Io.ClosePipe(writeEnd);
        d.Until(() => sender.IsDone && receiver.IsDone);
        Assert.Null(d.Host.Failure);
        Assert.Equal(sender.Key, receiver.HeardKey);
    });

    [Theory, MemberData(nameof(Pollers))]
    public void SpliceOut_WhenTargetTakesNoMore_SaysAgainAndKeepsTheRest(Poller poller) => IoDriver.Run(poller, static d =>
    {
        (Fd source, PeerLink from) = d.AcceptOne();
        (Fd target, PeerLink to) = d.ConnectOne();
        Assert.True(d.Io.OpenPipe(1 << 16, out Fd readEnd, out Fd writeEnd).Ok);
        d.Host.Start(d.Host.NewPeer("sender", "send 100m"), from);
        int inPipe = 0;
        long moved = 0;
        bool stuck = false;
        while (!stuck)
        {
            SysResult taken = d.Io.SpliceIn(source, writeEnd, 1 << 16);
            if (!taken.Ok)
            {
                WaitFor(d, source, PollEvents.Readable);
                continue;
            }

            inPipe = taken.Value;
            while (inPipe > 0)
            {
                SysResult given = d.Io.SpliceOut(readEnd, target, inPipe);
                stuck = given.Error == Errno.EAGAIN;
                if (stuck) { break; }
                inPipe -= given.Value;
                moved += given.Value;
            }
        }

        Peer receiver = d.Host.NewPeer("receiver", $"expect {moved + inPipe}");
        d.Host.Start(receiver, to);
        while (inPipe > 0)
        {
            WaitFor(d, target, PollEvents.Writable);
            SysResult given = d.Io.SpliceOut(readEnd, target, inPipe);
            if (given.Ok) { inPipe -= given.Value; }
        }

        d.Until(() => receiver.IsDone);
        Assert.Null(receiver.Failure);
        d.Io.CloseWithReset(source);
        d.Io.Close(target);
        d.Io.ClosePipe(readEnd);
        d.Io.ClosePipe(writeEnd);
    });

    [Theory, MemberData(nameof(Pollers))]
    public void SpliceIn_AfterReceiveWasCancelled_GoesOnWhereItStopped(Poller poller) => IoDriver.Run(poller, static d =>
    {
        (Fd source, PeerLink from) = d.AcceptOne();
        (Fd target, PeerLink to) = d.ConnectOne();
        Assert.True(d.Io.OpenPipe(1 << 16, out Fd readEnd, out Fd writeEnd).Ok);
        ulong receive = d.NewToken();
        d.Io.Receive(source, receive);
        d.SendFromPeer(from, 50);
        Assert.Equal(50, d.Receive(source, ref receive, 50).Length);
        d.Io.Cancel(source, receive);
        Assert.Equal(Errno.ECANCELED, d.Last(receive).Error);

        d.SendFromPeer(from, 20, first: 50);
        int inPipe = 0;
        while (inPipe < 20)
        {
            WaitFor(d, source, PollEvents.Readable);
            Assert.True(d.Io.SpliceIn(source, writeEnd, 100) is { Ok: true } taken && (inPipe = taken.Value) > 0);
            int left = inPipe;
            while (left > 0) { left -= Math.Max(0, d.Io.SpliceOut(readEnd, target, left).Value); }
            byte first = 50;
            byte[] got = d.ReadAtPeer(to, inPipe, out _);
            Assert.All(got, b => Assert.Equal(first++, b));
            break;
        }

        d.Io.CloseWithReset(source);
        d.Io.Close(target);
        d.Io.ClosePipe(readEnd);
        d.Io.ClosePipe(writeEnd);
    });

    /// <summary>Sends until a send stays in flight; the sum of the others is returned.</summary>
    private static long FillUntilStuck(IoDriver d, Fd socket, out ulong stuck, out int buffer)
    {
        long sent = 0;
        while (true)
        {
            stuck = d.Send(socket, d.Io.BufferBytes, out buffer);
            for (int i = 0; i < 20 && !d.HasAny(stuck); i++) { d.Turn(d.Host.WaitNs); }
            if (!d.HasAny(stuck)) { return sent; }
            sent += d.Next(stuck).Result;
            d.Io.Return(buffer);
        }
    }

    private static void WaitFor(IoDriver d, Fd socket, PollEvents events)
    {
        ulong token = d.NewToken();
        d.Io.Poll(socket, events, token);
        Assert.True(d.Next(token).Ok);
    }
}
