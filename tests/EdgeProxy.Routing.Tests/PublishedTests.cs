namespace EdgeProxy.Routing.Tests;

public sealed class PublishedTests
{
    [Fact]
    public void TryReplace_WhenAnotherWasPublishedMeanwhile_LeavesIt()
    {
        Published<string> published = new("packed");
        string seen = published.Current;
        published.Publish("newer");
        Assert.False(published.TryReplace(seen, "unpacked"));
        Assert.Equal("newer", published.Current);
    }

    [Fact]
    public void TryReplace_WhenNothingHappenedMeanwhile_Publishes()
    {
        Published<string> published = new("packed");
        Assert.True(published.TryReplace(published.Current, "unpacked"));
        Assert.Equal("unpacked", published.Current);
    }
}
