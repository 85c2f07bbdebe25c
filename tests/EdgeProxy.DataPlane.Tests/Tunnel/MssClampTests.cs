namespace EdgeProxy.DataPlane.Tests;

public sealed class MssClampTests
{
    private const int Mtu = 1_420;

    [Theory]
    [InlineData(false, 1_380)]
    [InlineData(true, 1_360)]
    public void Apply_WhenASynAsksForMore_LowersItWithTheChecksum(bool isIPv6, int clamped)
    {
        byte[][] optionSets =
        [
            [2, 4, 0x05, 0xB4],                                     // Alone: 1,460.
            [4, 2, 1, 2, 4, 0x05, 0xB4, 0],                         // At an even byte after others.
            [1, 2, 4, 0x05, 0xB4, 1, 1, 0],                         // At an odd one.
            [3, 3, 7, 2, 4, 0x23, 0x00, 0],                         // 8,960.
        ];
        foreach (byte[] options in optionSets)
        {
            int at = Array.IndexOf(options, (byte)2, options[0] == 4 ? 2 : 0) + 2;
            const TcpFlags Flags = TcpFlags.Syn | TcpFlags.Ack;
            NaivePacket syn = new() { IsIPv6 = isIPv6, Flags = Flags, Options = options, Payload = [1, 2, 3] };
            byte[] lowered = [.. options];
            (lowered[at], lowered[at + 1]) = ((byte)(clamped >> 8), (byte)clamped);

            byte[] packet = syn.Wire();
            Assert.True(PacketHeader.TryParse(packet, out PacketHeader header));
            Assert.True(MssClamp.Apply(packet, header, Mtu));
            Assert.Equal((syn with { Options = lowered }).Wire(), packet);
            Assert.False(MssClamp.Apply(packet, header, Mtu));
        }
    }

    [Fact]
    public void Apply_WhenThereIsNothingToLower_ChangesNothing()
    {
        byte[] mss = [2, 4, 0x05, 0xB4];
        NaivePacket[] packets =
        [
            new() { Flags = TcpFlags.Syn, Options = [2, 4, 0x05, 0x00] },
            new() { Flags = TcpFlags.Ack, Options = mss },
            new() { Flags = TcpFlags.Syn, Options = [0, 2, 4, 0xFF, 0xFF, 0, 0, 0] }, // Behind the end of the options.
            new() { Flags = TcpFlags.Syn, Options = [2, 0, 0xFF, 0xFF] },             // Lengths that are none.
            new() { Flags = TcpFlags.Syn, Options = [1, 1, 2, 4] },
            new() { Flags = TcpFlags.Syn, Options = [1, 1, 1, 2] },
            new() { Flags = TcpFlags.Syn, Options = [8, 40, 2, 4] },
            new() { Flags = TcpFlags.Syn },
            new() { IsUdp = true, Payload = new byte[40] },
        ];
        foreach (NaivePacket packet in packets)
        {
            byte[] wire = packet.Wire();
            Assert.True(PacketHeader.TryParse(wire, out PacketHeader header));
            Assert.False(MssClamp.Apply(wire, header, Mtu));
            Assert.Equal(packet.Wire(), wire);
        }
    }
}
