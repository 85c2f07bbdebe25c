namespace EdgeProxy.WireGuard.Tests;

public sealed class KeyRotationTests
{
    private static readonly byte[] s_newKey = [.. Enumerable.Range(7, 32).Select(static i => (byte)i)];

    [Fact]
    public void Device_WhenItHoldsTwoKeys_IsReachedByBoth()
    {
        using TestPair pair = new();
        using TestNode third = new(3, 3);
        pair.Right.Device.SetPrivateKeys(pair.Right.Suite, s_newKey, pair.Right.PrivateKey);
        pair.SendLeft(1); // Knows the old key.
        pair.Settle();
        Assert.Single(pair.Right.Delivered);

        byte[] initiation = new byte[148];
        _ = third.Know(pair.Right).Initiate(third.Suite, initiation, pair.Now); // Knows the new one.
        _ = pair.Right.Know(third);
        Assert.Equal(ReceiveKind.Reply, pair.Right.FromNetwork(initiation, third.Endpoint, pair.Now).Kind);
    }

    [Fact]
    public void Device_WhenItsPeerDoesNotKnowTheNewKey_TriesTheOldOne()
    {
        using TestPair pair = new();
        pair.Right.Device.SetPrivateKeys(pair.Right.Suite, s_newKey, pair.Right.PrivateKey);
        pair.SendRight(1);
        pair.Pass(6);
        Assert.Equal([DropReason.UnknownPeer], pair.Left.Dropped);
        Assert.Single(pair.Left.Delivered);
    }

    [Fact]
    public void Sessions_WhenKeysChange_GoOn()
    {
        using TestPair pair = new();
        pair.Connect();
        pair.Right.Device.SetPrivateKeys(pair.Right.Suite, s_newKey, pair.Right.PrivateKey);
        pair.SendLeft(1);
        pair.SendRight(2);
        pair.Settle();
        Assert.Single(pair.Right.Delivered);
        Assert.Single(pair.Left.Delivered);
    }

    [Fact]
    public void OldKey_WhenItsTimeIsOver_IsAnsweredNoMore()
    {
        using TestPair pair = new();
        pair.Right.Device.SetPrivateKeys(pair.Right.Suite, s_newKey, pair.Right.PrivateKey);
        pair.Right.Device.SetPrivateKeys(pair.Right.Suite, s_newKey);
        pair.SendLeft(1);
        pair.Settle();
        Assert.Equal([DropReason.BadMac1], pair.Right.Dropped);
        Assert.Null(pair.Right.Device.Add(pair.Right.Device.PublicKey));
    }
}
