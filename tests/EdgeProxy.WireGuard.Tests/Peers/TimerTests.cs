namespace EdgeProxy.WireGuard.Tests;

/// <summary>The paper's §6, by simulated time.</summary>
public sealed class TimerTests
{
    private const double JitterMax = 1.0 / 3;

    [Fact]
    public void Initiation_WhenUnanswered_IsRepeatedEveryFiveSecondsForNinety()
    {
        using TestPair pair = new() { Passes = static (_, _) => false };
        pair.SendLeft();
        pair.Pass(300);
        double[] times = [.. pair.Log.Select(static sent => sent.Seconds)];
        Assert.Equal(18, times.Length);
        Assert.Equal(0, times[0]);
        Assert.All(times.Zip(times.Skip(1)), static pause =>
            Assert.InRange(pause.Second - pause.First, 5, 5 + JitterMax));
        Assert.Equal(1, pair.LeftPeer.Drops[DropReason.NoHandshake]);
        Assert.Equal(18, pair.Left.HandshakesFailed);
    }

    [Fact]
    public void Initiation_WhenTrafficGoesOn_IsNeverRepeatedWithinFiveSecondsAndNeverGivenUp()
    {
        using TestPair pair = new() { Passes = static (_, _) => false };
        for (int i = 0; i < 300; i++)
        {
            pair.SendLeft(i);
            pair.Pass(1);
        }

        double[] times = [.. pair.Log.Select(static sent => sent.Seconds)];
        Assert.All(times.Zip(times.Skip(1)), static pause =>
            Assert.InRange(pause.Second - pause.First, 5, 6));
        Assert.InRange(times[^1], 290, 300);
    }

    [Fact]
    public void Keepalive_WhenDataWasOnlyReceived_IsSentOnceAfterTenSeconds()
    {
        using TestPair pair = new();
        pair.Connect();
        pair.Pass(9.9);
        Assert.Empty(pair.Log);
        pair.Pass(0.2);
        Assert.Equal([(2, 4, 32)], pair.Log.Select(static sent => (sent.From, sent.Type, sent.Length)));
        pair.Pass(60);
        Assert.Single(pair.Log);
    }

    [Fact]
    public void Keepalive_WhenDataWasAnswered_IsNotSent()
    {
        using TestPair pair = new();
        pair.Connect();
        pair.Pass(5);
        pair.SendRight();
        pair.Pass(9);
        Assert.Single(pair.Log);
    }

    [Fact]
    public void Silence_WhenDataIsNotAnswered_BeginsAHandshakeAfterFifteenSeconds()
    {
        using TestPair pair = new();
        pair.Connect();
        pair.Passes = (from, _) => from == pair.Left;
        pair.Pass(30);
        double first = pair.Log.First(sent => sent is { From: 1, Type: 1 }).Seconds;
        Assert.InRange(first, 15, 15 + JitterMax);
    }

    [Fact]
    public void Session_WhenUsedForTwoMinutes_IsRenewedByItsInitiatorWithoutALoss()
    {
        using TestPair pair = new();
        pair.Connect();
        for (int i = 1; i <= 700; i++)
        {
            pair.Pass(1);
            pair.SendLeft(i);
            pair.SendRight(i);
            pair.Settle();
        }

        Assert.Equal(700, pair.Left.Delivered.Count);
        Assert.Equal(700, pair.Right.Delivered.Count);
        double[] times = [.. pair.Log.Where(static sent => sent.Type == 1).Select(static sent => sent.Seconds)];
        Assert.Equal([120, 240, 360, 480, 600], times);
        Assert.Equal(0, pair.Count(pair.Right, 1));
        Assert.Equal(6, pair.LeftPeer.Handshakes);
        Assert.Empty(pair.Left.Dropped);
        Assert.Empty(pair.Right.Dropped);
    }

    [Fact]
    public void Session_WhenTheInitiatorOnlyReceives_IsRenewedAllTheSame()
    {
        using TestPair pair = new();
        pair.Connect();
        for (int i = 1; i <= 400; i++)
        {
            pair.Pass(1);
            pair.SendRight(i);
            pair.Settle();
        }

        Assert.Equal(400, pair.Left.Delivered.Count);
        Assert.Equal(0, pair.Count(pair.Right, 1));
        Assert.InRange(pair.Log.First(static sent => sent.Type == 1).Seconds, 120, 131);
    }

    [Fact]
    public void Session_WhenNothingElseRenewedIt_IsRenewedOnReceivingAfter165Seconds()
    {
        using TestPair pair = new();
        pair.Connect();
        Session session = pair.LeftPeer.Current!;
        long begun = session.CreatedNs;
        Assert.False(session.WantsRekeyOnReceive(begun + (165 * Timers.Second) - 1));
        Assert.True(session.WantsRekeyOnReceive(begun + (165 * Timers.Second)));
        Assert.False(pair.RightPeer.Current!.WantsRekeyOnReceive(begun + (170 * Timers.Second)));
    }

    [Fact]
    public void Session_WhenThreeMinutesOld_SealsAndOpensNothingAndItsKeysAreWiped()
    {
        using TestPair pair = new();
        pair.Connect();
        Session left = pair.LeftPeer.Current!;
        Session right = pair.RightPeer.Current!;
        byte[] late = [];
        pair.Passes = (_, bytes) =>
        {
            if (bytes[0] == 4) { late = [.. bytes]; }
            return bytes[0] == 4;
        };
        pair.Pass(179.9);
        pair.SendLeft(1);
        pair.Settle();
        Assert.Single(pair.Right.Delivered);
        pair.Passes = static (_, _) => false;
        pair.Pass(0.1);
        pair.SendLeft(2);
        Assert.Equal(1, pair.LastSent![0]);
        pair.Pass(10);
        Assert.Equal(DropReason.UnknownIndex, pair.Right.FromNetwork(late, pair.Left.Endpoint, pair.Now).Reason);
        Assert.True(left.IsWiped);
        Assert.True(right.IsWiped);
        Assert.Null(pair.RightPeer.Current);
        Assert.Equal(0, pair.Right.Device.Indexes.Count);
    }

    [Fact]
    public void Session_WhenExpiredButNotYetTicked_OpensNothing()
    {
        using TestPair pair = new();
        pair.Connect();
        pair.SendLeft(1);
        Moment late = new(pair.Now.Ns + Timers.RejectAfter, pair.Now.UnixNs + Timers.RejectAfter);
        ReceiveOutcome outcome = pair.Right.FromNetwork(pair.LastSent!, pair.Left.Endpoint, late);
        Assert.Equal(DropReason.Expired, outcome.Reason);
    }

    [Fact]
    public void Session_WhenItsCounterIsNearlyUsedUp_IsRenewedAndThenRefuses()
    {
        using TestPair pair = new();
        pair.Connect();
        pair.Pass(6);
        Session session = pair.LeftPeer.Current!;
        long now = pair.Now.Ns;
        session.NextCounter = Timers.RekeyAfterMessages - 2;
        Assert.Equal(SealReadiness.Ready, Begin(pair.LeftPeer, now));
        Assert.Equal(SealReadiness.ReadyAndRekeyDue, Begin(pair.LeftPeer, now));
        session.NextCounter = Timers.RejectAfterMessages - 1;
        Assert.Equal(SealReadiness.ReadyAndRekeyDue, Begin(pair.LeftPeer, now));
        Assert.Equal(SealReadiness.NoSession, Begin(pair.LeftPeer, now));
        Assert.Equal(ulong.MaxValue - 8192, session.NextCounter);
    }

    [Fact]
    public void PersistentKeepalive_WhenSet_ConnectsAtOnceAndSendsEveryInterval()
    {
        using TestPair pair = new();
        pair.LeftPeer.KeepaliveSeconds = 25;
        pair.Pass(0);
        Assert.Equal([(1, 1), (2, 2), (1, 4)], pair.Log.Select(static sent => (sent.From, sent.Type)));
        pair.Log.Clear();
        pair.Pass(110);
        Assert.Equal([25, 50, 75, 100], pair.Log.Select(static sent => sent.Seconds));
        Assert.All(pair.Log, static sent => Assert.Equal((1, 4, 32), (sent.From, sent.Type, sent.Length)));
        pair.Pass(600);
        Assert.NotNull(pair.RightPeer.Current);
    }

    [Fact]
    public void PersistentKeepalive_WhenThePeerIsAway_FindsItAgain()
    {
        using TestPair pair = new();
        pair.LeftPeer.KeepaliveSeconds = 25;
        pair.Passes = static (_, _) => false;
        pair.Pass(500);
        pair.Passes = null;
        pair.Pass(26);
        Assert.NotNull(pair.LeftPeer.Current);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Restart_WhenOneEndIsKilled_TrafficReturns(bool restartedAsks)
    {
        using TestPair pair = new();
        pair.Connect();
        pair.Pass(60);
        pair.Right.Restart();
        pair.RightPeer = pair.Right.Know(pair.Left);
        if (restartedAsks) { pair.Right.Initiate(pair.RightPeer, pair.Now); }
        for (int i = 0; i < 30; i++)
        {
            pair.SendLeft(i);
            pair.Pass(1);
        }

        double back = restartedAsks ? 0 : 16;
        Assert.InRange(pair.Right.Delivered.Count, 30 - back - 1, 30);
    }

    [Fact]
    public void Peer_WhenIdleAndUnknown_HasNothingDue()
    {
        using TestPair pair = new();
        TickOutcome outcome = pair.LeftPeer.Tick(pair.Left.Suite, new byte[148], pair.Now);
        Assert.Equal((0, Moment.Forever), (outcome.Length, outcome.DueNs));
    }

    [Fact]
    public void Retry_WhenTheEndpointIsTakenAway_RestsUntilThereIsOneAgain()
    {
        using TestPair pair = new() { Passes = static (_, _) => false };
        pair.SendLeft();
        pair.LeftPeer.Endpoint = null;
        pair.Pass(60);
        Assert.Single(pair.Log);
        pair.Passes = null;
        pair.LeftPeer.Endpoint = pair.Right.Endpoint;
        pair.SendLeft(2);
        pair.Settle();
        Assert.Equal(2, pair.Right.Delivered.Count);
    }

    [Fact]
    public void Handshake_WhenTheOtherEndsOwnCameFirst_LeavesNothingBehind()
    {
        using TestPair pair = new();
        pair.Passes = static (from, bytes) => from.Number != 2 || bytes[0] != 2; // The left one is never answered.
        pair.SendLeft(1);
        pair.SendRight(2);
        pair.Pass(30);
        Assert.Single(pair.Right.Delivered);
        Assert.Single(pair.Left.Delivered);
        Assert.Equal(1, pair.Left.Device.Indexes.Count);
    }

    private static SealReadiness Begin(Peer peer, long nowNs)
    {
        SealReadiness readiness = peer.TryBeginSeal(1, nowNs, out SealBatch batch);
        batch.Dispose();
        return readiness;
    }
}
