namespace EdgeProxy.Linux.Tests;

public sealed class BusyFewTests
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(4, true)]
    [InlineData(64, false)]
    public void IsFew_WhenSoManyTakeTurns_TellsFewFromMany(int connections, bool expected)
    {
        BusyFew busy = default;
        for (int round = 0; round < 500; round++)
        {
            for (uint number = 1; number <= connections; number++)
            {
                busy.Note(number);
                busy.Note(number); // A receive and the send that follows from it.
            }
        }

        Assert.Equal(expected, busy.IsFew);
    }

    [Fact]
    public void IsFew_WhenManyFallSilentAndOneGoesOn_FollowsSoon()
    {
        BusyFew busy = default;
        for (uint number = 0; number < 1_000; number++) { busy.Note(number); }
        Assert.False(busy.IsFew);
        for (int i = 0; i < 200; i++) { busy.Note(7); }
        Assert.True(busy.IsFew);
    }
}
