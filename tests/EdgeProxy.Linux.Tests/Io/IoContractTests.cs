using EdgeProxy.Testing;

namespace EdgeProxy.Linux.Tests;

/// <summary>Connections: what every engine must do with accept, connect, close, poll and cancel.</summary>
public sealed class IoContractTests
{
    public static TheoryData<Poller> Pollers => IoDriver.Pollers;

    [Theory, MemberData(nameof(Pollers))]
    public void Accept_WhenArmedForMany_HandsOutEveryConnection(Poller poller) => IoDriver.Run(poller, static d =>
    {
        const int Clients = 40;
        Fd listener = d.Host.Listen(out SocketAddress address);
        PeerLink[] links = [.. Enumerable.Range(0, Clients).Select(_ => d.Host.Dial(address))];
        ulong token = d.NewToken();
        d.Io.Accept(listener, many: true, token);
        List<Fd> accepted = [];
        while (accepted.Count < Clients)
        {
            Completion completion = d.Next(token);
            Assert.True(completion.Ok && completion.More, $"{completion}");
            accepted.Add(new Fd(completion.Result));
        }

        d.Io.Cancel(listener, token);
        Assert.Equal(Errno.ECANCELED, d.Last(token).Error);
        accepted.ForEach(d.Io.Close);
        d.Io.Close(listener);
        Assert.All(links, link => Assert.Equal(0, d.EndAtPeer(link)));
    });

    [Theory, MemberData(nameof(Pollers))]
    public void Accept_WhenArmedForOne_TakesOneAndEnds(Poller poller) => IoDriver.Run(poller, static d =>
    {
        Fd listener = d.Host.Listen(out SocketAddress address);
        d.Host.Dial(address);
        d.Host.Dial(address);
        for (int i = 0; i < 2; i++)
        {
            ulong token = d.NewToken();
            d.Io.Accept(listener, many: false, token);
            Completion completion = d.Next(token);
            Assert.True(completion.Ok);
            Assert.False(completion.More);
            d.Io.Close(new Fd(completion.Result));
        }

        d.Io.Close(listener);
    });

    [Theory, MemberData(nameof(Pollers))]
    public void Addresses_WhenConnectionIsAccepted_AreBothEnds(Poller poller) => IoDriver.Run(poller, static d =>
    {
        (Fd socket, PeerLink _) = d.ConnectOne();
        Assert.True(d.Io.PeerAddress(socket, out SocketAddress peer).Ok);
        Assert.True(d.Io.LocalAddress(socket, out SocketAddress local).Ok);
        Assert.Equal(0xFFFF_7F00_0001UL, peer.Low);
        Assert.Equal(0xFFFF_7F00_0001UL, local.Low);
        Assert.NotEqual(peer.Port, local.Port);
        d.Io.Close(socket);
    });

    [Theory, MemberData(nameof(Pollers))]
    public void Connect_WhenNobodyListens_IsRefused(Poller poller) => IoDriver.Run(poller, static d =>
    {
        Fd socket = new(d.Io.OpenStream(ipv6: false).Value);
        ulong token = d.NewToken();
        d.Io.Connect(socket, d.Host.RefusingAddress(), token);
        Assert.Equal(Errno.ECONNREFUSED, d.Next(token).Error);
        d.Io.Close(socket);
    });

    [Theory, MemberData(nameof(Pollers))]
    public void Connect_WhenCancelledWhileUnanswered_EndsAsCancelled(Poller poller) => IoDriver.Run(poller, static d =>
    {
        Fd socket = new(d.Io.OpenStream(ipv6: false).Value);
        ulong token = d.NewToken();
        d.Io.Connect(socket, d.Host.SilentAddress(), token);
        d.Turn(0);
        Assert.False(d.HasAny(token));
        d.Io.Cancel(socket, token);
        Assert.Equal(Errno.ECANCELED, d.Next(token).Error);
        d.Io.Close(socket);
    });

    [Theory, MemberData(nameof(Pollers))]
    public void Close_WhenNothingIsUnread_SendsAFin(Poller poller) => IoDriver.Run(poller, static d =>
    {
        (Fd socket, PeerLink link) = d.AcceptOne();
        d.Io.Close(socket);
        Assert.Equal(0, d.EndAtPeer(link));
    });

    [Theory, MemberData(nameof(Pollers))]
    public void Close_WhenBytesAreUnread_SendsAReset(Poller poller) => IoDriver.Run(poller, static d =>
    {
        (Fd socket, PeerLink link) = d.AcceptOne();
        ulong poll = d.NewToken();
        d.Io.Poll(socket, PollEvents.Readable, poll);
        d.SendFromPeer(link, 10);
        d.Next(poll);
        d.Io.Close(socket);
        Assert.Equal(-(int)Errno.ECONNRESET, d.EndAtPeer(link));
    });

    [Theory, MemberData(nameof(Pollers))]
    public void CloseWithReset_WhenConnectionIsIdle_SendsAReset(Poller poller) => IoDriver.Run(poller, static d =>
    {
        (Fd socket, PeerLink link) = d.ConnectOne();
        d.Io.CloseWithReset(socket);
        Assert.Equal(-(int)Errno.ECONNRESET, d.EndAtPeer(link));
    });

    [Theory, MemberData(nameof(Pollers))]
    public void Poll_WhenBytesArrive_ShowsReadableOnce(Poller poller) => IoDriver.Run(poller, static d =>
    {
        (Fd socket, PeerLink link) = d.AcceptOne();
        ulong token = d.NewToken();
        d.Io.Poll(socket, PollEvents.Readable, token);
        d.Turn(0);
        Assert.False(d.HasAny(token));
        d.SendFromPeer(link, 1);
        Completion completion = d.Next(token);
        Assert.False(completion.More);
        Assert.True(((PollEvents)completion.Result).HasFlag(PollEvents.Readable));
        d.Io.Close(socket);
    });

    [Theory, MemberData(nameof(Pollers))]
    public void Poll_WhenBytesAreThereAlready_CompletesAtOnce(Poller poller) => IoDriver.Run(poller, static d =>
    {
        (Fd socket, PeerLink link) = d.AcceptOne();
        d.SendFromPeer(link, 1);
        for (int i = 0; i < 3; i++)
        {
            ulong token = d.NewToken();
            d.Io.Poll(socket, PollEvents.Readable, token);
            Assert.True(((PollEvents)d.Next(token).Result).HasFlag(PollEvents.Readable));
        }

        d.Io.Close(socket);
    });

    [Theory, MemberData(nameof(Pollers))]
    public void Poll_WhenSocketTakesBytes_ShowsWritable(Poller poller) => IoDriver.Run(poller, static d =>
    {
        (Fd socket, PeerLink _) = d.ConnectOne();
        ulong token = d.NewToken();
        d.Io.Poll(socket, PollEvents.Writable, token);
        Assert.True(((PollEvents)d.Next(token).Result).HasFlag(PollEvents.Writable));
        d.Io.Close(socket);
    });

    [Theory, MemberData(nameof(Pollers))]
    public void Poll_WhenPeerResets_ShowsItWithoutBeingAsked(Poller poller) => IoDriver.Run(poller, static d =>
    {
        (Fd socket, PeerLink link) = d.AcceptOne();
        ulong token = d.NewToken();
        d.Io.Poll(socket, PollEvents.Readable, token);
        link.Reset();
        PollEvents events = (PollEvents)d.Next(token).Result;
        Assert.True((events & (PollEvents.Error | PollEvents.HangUp)) != PollEvents.None, $"{events}");
        d.Io.Close(socket);
    });

    [Theory, MemberData(nameof(Pollers))]
    public void Cancel_WhenPollWaits_EndsIt(Poller poller) => IoDriver.Run(poller, static d =>
    {
        (Fd socket, PeerLink _) = d.AcceptOne();
        ulong token = d.NewToken();
        d.Io.Poll(socket, PollEvents.Readable, token);
        d.Turn(0);
        d.Io.Cancel(socket, token);
        Assert.Equal(Errno.ECANCELED, d.Next(token).Error);
        d.Io.Close(socket);
    });

    [Theory, MemberData(nameof(Pollers))]
    public void Cancel_WhenOperationIsOver_DoesNothing(Poller poller) => IoDriver.Run(poller, static d =>
    {
        (Fd socket, PeerLink link) = d.AcceptOne();
        ulong token = d.NewToken();
        d.Io.Poll(socket, PollEvents.Writable, token);
        d.Next(token);
        d.Io.Cancel(socket, token);
        d.SendFromPeer(link, 5);
        ulong receive = d.NewToken();
        d.Io.Receive(socket, receive);
        Assert.Equal(5, d.Receive(socket, ref receive, 5).Length);
        d.Io.Cancel(socket, receive);
        Assert.Equal(Errno.ECANCELED, d.Last(receive).Error);
        d.Io.Close(socket);
    });

    [Theory, MemberData(nameof(Pollers))]
    public void Wait_WhenNothingHappens_ReturnsNothing(Poller poller) => IoDriver.Run(poller, static d =>
    {
        Assert.Equal(0, d.Turn(0));
        Assert.Equal(0, d.Turn(1_000_000));
    });

    [Theory, MemberData(nameof(Pollers))]
    public void Wait_WhenWokenBefore_ReturnsAtOnce(Poller poller) => IoDriver.Run(poller, static d =>
    {
        d.Io.Wake();
        Assert.Equal(0, d.Turn(-1));
        d.Io.Wake();
        d.Io.Wake();
        Assert.Equal(0, d.Turn(-1));
    });

    [Theory, InlineData(Poller.Uring), InlineData(Poller.Epoll)]
    public void Wait_WhenWokenByAnotherThread_Returns(Poller poller) => IoDriver.Run(poller, static d =>
    {
        Thread waker = new(d.Io.Wake);
        waker.Start();
        Assert.Equal(0, d.Turn(-1));
        waker.Join();
    });

    [Theory, MemberData(nameof(Pollers))]
    public void Wait_WhenThereIsRoomForOneOnly_DeliversTheRestLater(Poller poller) => IoDriver.Run(
        poller,
        static d =>
        {
            (Fd first, PeerLink firstLink) = d.AcceptOne();
            (Fd second, PeerLink secondLink) = d.AcceptOne();
            ulong one = d.NewToken();
            ulong two = d.NewToken();
            d.Io.Receive(first, one);
            d.Io.Receive(second, two);
            firstLink.Close();
            secondLink.Close();
            Assert.Equal(0, d.Last(one).Result);
            Assert.Equal(0, d.Last(two).Result);
            d.Io.Close(first);
            d.Io.Close(second);
        },
        completionsAtOnce: 2);

    [Theory, MemberData(nameof(Pollers))]
    public void Close_WhenNumberIsUsedAgain_LeavesNothingOfTheOldOne(Poller poller) => IoDriver.Run(poller, static d =>
    {
        for (int i = 0; i < 10; i++)
        {
            (Fd socket, PeerLink link) = d.AcceptOne();
            ulong token = d.NewToken();
            d.Io.Receive(socket, token);
            d.SendFromPeer(link, 3);
            d.Receive(socket, ref token, 3);
            link.Close();
            Assert.Equal(0, d.Last(token).Result);
            d.Io.Close(socket);
        }
    });
}
