namespace EdgeProxy.WireGuard.Tests;

public sealed class SimulationTests
{
    [Fact]
    public void TwoPeers_WhenTheNetworkIsGood_LoseNothingInAnHour()
    {
        using SimulatedNetwork network = new(nodes: 2, seed: 11) { DelayMsMax = 5 };
        network.Run(3600, packetsPerSecond: 4);
        network.Run(1, 0.01);
        Assert.InRange(network.Sent, 5000, 20_000);
        Assert.Equal(network.Sent, network.Delivered);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void TwoPeers_WhenTheNetworkIsBadForAnHour_DeliverNothingWrongAndRecover(int seed)
    {
        using SimulatedNetwork network = new(nodes: 2, seed)
        {
            LossPercent = 10, DoubledPercent = 5, DamagedPercent = 5, DelayMsMax = 400,
        };
        network.Run(3600, packetsPerSecond: 4, restartsPerHour: 6);
        Assert.NotEqual(0, network.Restarts);
        Assert.InRange(network.Delivered, network.Sent * 7 / 10, network.Sent);
        network.Heal();
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void TwentyPeers_WhenTheNetworkIsBad_DeliverNothingWrongAndRecover(int seed)
    {
        using SimulatedNetwork network = new(nodes: 20, seed)
        {
            LossPercent = 10, DoubledPercent = 5, DamagedPercent = 5, DelayMsMax = 300,
        };
        network.Run(300, packetsPerSecond: 40, restartsPerHour: 60);
        Assert.InRange(network.Delivered, network.Sent * 6 / 10, network.Sent);
        network.Heal();
    }

    [Fact]
    public void TwoPeers_WhenTheNetworkIsGoneForMinutes_RecoverWithinSeconds()
    {
        using SimulatedNetwork network = new(nodes: 2, seed: 8);
        network.Run(60, 2);
        network.LossPercent = 100;
        network.Run(400, 2);
        network.LossPercent = 0;
        network.Run(10, 2);
        int before = network.Delivered;
        int sent = network.Sent;
        network.Run(60, 2);
        Assert.InRange(network.Delivered - before, network.Sent - sent - 3, network.Sent - sent + 3);
    }
}
