using EdgeProxy.Testing;

namespace EdgeProxy.Linux.Tests;

/// <summary>Buffers that give their memory back: what they hold is gone, what anybody holds is not.</summary>
public sealed class IoTrimTests
{
    public static TheoryData<Poller> Pollers => IoDriver.Pollers;

    [Theory, MemberData(nameof(Pollers))]
    public void TrimBuffers_WhenBuffersRested_TakesTheirMemoryAndLeavesHeldOnes(Poller poller) => IoDriver.Run(poller, static d =>
    {
        List<int> rented = [];
        while (d.Io.TryRent(out int buffer))
        {
            d.Io.Bytes(buffer).Fill(0x5A);
            rented.Add(buffer);
        }

        int held = rented[^1];
        rented.RemoveAt(rented.Count - 1);
        rented.ForEach(d.Io.Return);
        Assert.True(TrimsUntilDone(d) > 0);
        Assert.Equal(0x5A, d.Io.Bytes(held)[^1]);
        List<int> again = [];
        while (again.Count < rented.Count && d.Io.TryRent(out int buffer))
        {
            Assert.Equal(0, d.Io.Bytes(buffer)[^1]);
            again.Add(buffer);
        }

        again.ForEach(d.Io.Return);
        d.Io.Return(held);
    });

    [Theory, MemberData(nameof(Pollers))]
    public void Receive_WhenBuffersWereTrimmed_DeliversWhatCame(Poller poller) => IoDriver.Run(poller, static d =>
    {
        (Fd socket, PeerLink link) = d.AcceptOne();
        ulong token = d.NewToken();
        d.Io.Receive(socket, token);
        for (int round = 0; round < 30; round++)
        {
            d.SendFromPeer(link, 9, first: (byte)round);
            Assert.Equal([.. Enumerable.Range(round, 9).Select(static b => (byte)b)], d.Receive(socket, ref token, 9));
            TrimsUntilDone(d);
        }

        link.Finish();
        Assert.Equal(0, d.Last(token).Result);
        d.Io.Close(socket);
    });

    private static int TrimsUntilDone(IoDriver driver)
    {
        const int TrimsMax = 100; // Far more than a table of 256 buffers can need.
        int trims = 1;
        while (driver.Io.TrimBuffers()) { Assert.InRange(++trims, 1, TrimsMax); }
        return trims;
    }
}
