namespace EdgeProxy.Telemetry.Tests;

public sealed class RecordRingTests
{
    [Fact]
    public void TryWrite_WhenRingIsFull_DropsAndCounts()
    {
        RecordRing ring = new(4);
        for (int i = 0; i < 4; i++) { Assert.True(ring.TryWrite(new ConnectionRecord { App = i })); }
        Assert.False(ring.TryWrite(new ConnectionRecord { App = 4 }));
        Assert.Equal(1, ring.Dropped);
        for (int i = 0; i < 4; i++)
        {
            Assert.True(ring.TryRead(out ConnectionRecord record));
            Assert.Equal(i, record.App);
        }

        Assert.False(ring.TryRead(out _));
    }
}
