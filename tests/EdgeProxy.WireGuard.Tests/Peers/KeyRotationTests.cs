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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Device_WhenAPeerCalledOneKey_CallsItWithThatOneFirst(bool knowsNewKey)
    {
        using TestPair pair = new();
        byte[] oldKey = pair.Right.PrivateKey;
        if (knowsNewKey) { pair.Right.Device.SetPrivateKeys(pair.Right.Suite, oldKey, s_newKey); }
        PublicKey newKey = PublicOf(s_newKey, pair.Right);
        if (knowsNewKey)
        {
            // The row changed: the old key's peer is gone and the new one's called at once.
            pair.Left.Device.Remove(pair.LeftPeer);
            Peer renewed = pair.Left.Device.Add(newKey)!;
            pair.Left.Device.SetAllowedIps(renewed, [AllowedIp.FromBytes(pair.Right.InnerAddress(isIPv4: true), 24)]);
            renewed.Endpoint = pair.Right.Endpoint;
        }

        pair.SendLeft(1);
        pair.Settle();
        Assert.Single(pair.Right.Delivered);
        if (!knowsNewKey) { pair.Right.Device.SetPrivateKeys(pair.Right.Suite, s_newKey, oldKey); }

        pair.Pass(181); // The session is over: the other side has to ask for one.
        pair.SendRight(2);
        pair.Settle();
        Assert.Single(pair.Left.Delivered);
        Assert.DoesNotContain(DropReason.UnknownPeer, pair.Left.Dropped);
        Assert.DoesNotContain(DropReason.BadMac1, pair.Left.Dropped);
    }

    private static PublicKey PublicOf(byte[] privateKey, TestNode node)
    {
        using Device device = new(node.Suite, privateKey, node.Fill);
        return device.PublicKey;
    }
}
