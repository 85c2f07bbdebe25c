namespace EdgeProxy.DataPlane.Tests;

public sealed class TunnelEcnTests
{
    [Fact]
    public void Outer_WhenTheInnerClassIsAny_KeepsItsMarkAndNotItsDscp()
    {
        for (int inner = 0; inner < 256; inner++) { Assert.Equal(inner & 3, TunnelEcn.Outer((byte)inner)); }
    }

    /// <summary>
    /// RFC 6040 figure 4, but for a mark on a packet that cannot carry one: it is let through, and told.
    /// </summary>
    [Fact]
    public void Combine_WhenMarksMeet_FollowsTheTable()
    {
        int[,] table = { { 0, 0, 0, 0 }, { 1, 1, 1, 3 }, { 2, 1, 2, 3 }, { 3, 3, 3, 3 } };
        foreach (bool isIPv6 in new[] { false, true })
        {
            for (int dscp = 0; dscp < 64; dscp++)
            {
                for (int inner = 0; inner < 4; inner++)
                {
                    for (int outer = 0; outer < 4; outer++)
                    {
                        var (before, after) = ((byte)((dscp << 2) | inner), (byte)((dscp << 2) | table[inner, outer]));
                        NaivePacket packet = new() { IsIPv6 = isIPv6, FlowLabel = 0xFFFFF, TrafficClass = before };
                        byte[] wire = packet.Wire();
                        Assert.True(PacketHeader.TryParse(wire, out PacketHeader header));
                        Assert.Equal(packet.TrafficClass, header.TrafficClass(wire));
                        Assert.Equal(inner != 0 || outer != 3, TunnelEcn.Combine(wire, header, (byte)(0x40 | outer)));
                        Assert.Equal((packet with { TrafficClass = after }).Wire(), wire);
                    }
                }
            }
        }
    }
}
