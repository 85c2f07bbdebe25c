namespace EdgeProxy.Linux.Tests;

public sealed class PagedArrayTests
{
    [Fact]
    public void Elements_WhenNeverWritten_AreZeroAndKeepWhatIsWritten()
    {
        const int Length = 100_000_000; // 0.8 GB of address space: it costs the pages touched.
        using PagedArray<long> array = new(Length);
        Assert.Equal(0, array[Length - 1]);
        ref long middle = ref array[Length / 2];
        middle = 7;
        array[0] = array[Length - 1] = 9;
        Assert.Equal((9, 7, 9), (array[0], array[Length / 2], array[Length - 1]));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(10)]
    public void Index_WhenOutside_Throws(int index)
    {
        using PagedArray<int> array = new(10);
        Assert.Throws<ArgumentOutOfRangeException>(() => array[index]);
    }
}
