using System.Buffers.Binary;

namespace EdgeProxy.DataPlane.Tests;

/// <summary>
/// A TCP or UDP packet as fields, written out and cut by the plainest code there is: what the packet functions are held
/// against.
/// </summary>
internal sealed record NaivePacket
{
    public bool IsIPv6 { get; init; }
    public bool IsUdp { get; init; }
    public byte TrafficClass { get; init; }
    public byte Hops { get; init; } = 64;
    public uint FlowLabel { get; init; }
    public ushort Id { get; init; }
    public bool DontFragment { get; init; } = true;
    public byte Host { get; init; } = 1;
    public ushort SourcePort { get; init; } = 40_000;
    public ushort DestinationPort { get; init; } = 443;
    public uint Sequence { get; init; }
    public uint Acknowledgement { get; init; } = 77;
    public TcpFlags Flags { get; init; } = TcpFlags.Ack;
    public ushort Window { get; init; } = 501;
    public byte[] Options { get; init; } = [];
    public byte[] Payload { get; init; } = [];

    public int IpBytes => IsIPv6 ? 40 : 20;

    public int TransportBytes => IsUdp ? 8 : 20 + Options.Length;

    public int HeaderBytes => IpBytes + TransportBytes;

    public static NaivePacket Random(Random random, int payloadBytes)
    {
        byte[] payload = new byte[payloadBytes];
        random.NextBytes(payload);
        byte[] options = new byte[random.Next(11) * 4];
        Array.Fill(options, (byte)1);
        return new NaivePacket
        {
            IsIPv6 = random.Next(2) == 0,
            IsUdp = random.Next(4) == 0,
            TrafficClass = (byte)random.Next(256),
            Hops = (byte)random.Next(1, 256),
            FlowLabel = (uint)random.Next(1 << 20),
            Id = (ushort)random.Next(1 << 16),
            DontFragment = random.Next(2) == 0,
            Sequence = (uint)random.NextInt64(1L << 32),
            Acknowledgement = (uint)random.NextInt64(1L << 32),
            Flags = TcpFlags.Ack | (random.Next(2) == 0 ? TcpFlags.Psh : 0),
            Window = (ushort)random.Next(1 << 16),
            Options = options,
            Payload = payload,
        };
    }

    /// <summary>The packet as the wire has it.</summary>
    public byte[] Wire() => Write(partialChecksum: false);

    /// <summary>The packet as the kernel hands it over uncut, behind its virtio header.</summary>
    public byte[] Frame(int segmentBytes)
    {
        VirtioGso gso = IsUdp ? VirtioGso.Udp : IsIPv6 ? VirtioGso.Tcp6 : VirtioGso.Tcp4;
        var checksumAt = (ushort)(IsUdp ? 6 : 16);
        byte[] header = new byte[VirtioHeader.Bytes];
        bool hasEcn = (Flags & TcpFlags.Cwr) != 0;
        new VirtioHeader(true, gso, hasEcn, (ushort)HeaderBytes, (ushort)segmentBytes, (ushort)IpBytes, checksumAt)
            .Write(header);
        return [.. header, .. Write(partialChecksum: true)];
    }

    /// <summary>The packets it becomes on the wire.</summary>
    public byte[][] Cut(int segmentBytes)
    {
        List<byte[]> cut = [];
        for (int at = 0; at < Payload.Length; at += segmentBytes)
        {
            bool isLast = at + segmentBytes >= Payload.Length;
            TcpFlags flags = isLast ? Flags : Flags & ~(TcpFlags.Fin | TcpFlags.Psh);
            NaivePacket part = this with
            {
                Id = (ushort)(Id + cut.Count),
                Sequence = Sequence + (uint)at,
                Flags = at == 0 ? flags : flags & ~TcpFlags.Cwr,
                Payload = Payload[at..Math.Min(at + segmentBytes, Payload.Length)],
            };
            cut.Add(part.Wire());
        }

        return [.. cut];
    }

    /// <summary>RFC 1071, word by word.</summary>
    public static ushort Sum(params ReadOnlySpan<byte> bytes)
    {
        long sum = 0;
        for (int i = 0; i < bytes.Length; i++) { sum += (i & 1) == 0 ? bytes[i] << 8 : bytes[i]; }
        while (sum > 0xFFFF) { sum = (sum & 0xFFFF) + (sum >> 16); }
        return (ushort)sum;
    }

    private byte[] Write(bool partialChecksum)
    {
        byte[] transport = [.. WriteTransport(), .. Payload];
        byte[] ip = WriteIp(transport.Length);
        byte[] addresses = IsIPv6 ? ip[8..40] : ip[12..20];
        byte protocol = IsUdp ? (byte)17 : (byte)6;
        byte[] pseudo = [.. addresses, 0, protocol, (byte)(transport.Length >> 8), (byte)transport.Length];
        ushort sum = partialChecksum ? Sum(pseudo) : (ushort)~Sum([.. pseudo, .. transport]);
        if (sum == 0 && IsUdp && !partialChecksum) { sum = 0xFFFF; }
        BinaryPrimitives.WriteUInt16BigEndian(transport.AsSpan(IsUdp ? 6 : 16), sum);
        return [.. ip, .. transport];
    }

    private byte[] WriteTransport()
    {
        byte[] bytes = new byte[TransportBytes];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), DestinationPort);
        if (IsUdp)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), (ushort)(8 + Payload.Length));
            return bytes;
        }

        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), Acknowledgement);
        bytes[12] = (byte)(TransportBytes / 4 << 4);
        bytes[13] = (byte)Flags;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(14), Window);
        Options.CopyTo(bytes, 20);
        return bytes;
    }

    private byte[] WriteIp(int transportBytes)
    {
        byte[] bytes = new byte[IpBytes];
        byte protocol = IsUdp ? (byte)17 : (byte)6;
        if (IsIPv6)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (6u << 28) | ((uint)TrafficClass << 20) | FlowLabel);
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), (ushort)transportBytes);
            bytes[6] = protocol;
            bytes[7] = Hops;
            bytes[8] = bytes[24] = 0xFD;
            bytes[23] = Host;
            bytes[39] = 99;
            return bytes;
        }

        bytes[0] = 0x45;
        bytes[1] = TrafficClass;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)(IpBytes + transportBytes));
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), Id);
        bytes[6] = DontFragment ? (byte)0x40 : (byte)0;
        bytes[8] = Hops;
        bytes[9] = protocol;
        byte[] addresses = [10, 0, 0, Host, 10, 0, 0, 99];
        addresses.CopyTo(bytes, 12);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(10), (ushort)~Sum(bytes));
        return bytes;
    }
}
