using System.Runtime.InteropServices;

namespace EdgeProxy.Linux;

/// <summary>
/// Room for one call of <see cref="UdpSocket.Receive"/>: slots of 64 KB, and the kernel's structures about them, made
/// once. Called by one loop, which receives, reads each <see cref="this[int]"/> and may change its bytes in place until
/// it
/// receives again.
/// </summary>
public sealed unsafe class UdpReceiveBatch : IDisposable
{
    // IPV6_PKTINFO (40), a traffic class of either family (24 each) and UDP_GRO (24).
    private const int ControlBytes = 128;
    private const int SlotBytes = 1 << 16; // A datagram's 65,527, on whole pages.
    private readonly NativeBuffer _headers;
    private readonly NativeBuffer _vectors;
    private readonly NativeBuffer _names;
    private readonly NativeBuffer _controls;
    private int _used;

    public UdpReceiveBatch(int messagesMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(messagesMax);
        Capacity = messagesMax;
        Buffer = new NativeBuffer(messagesMax * SlotBytes);
        _headers = new NativeBuffer(messagesMax * sizeof(MessageHeader));
        _vectors = new NativeBuffer(messagesMax * sizeof(IoVector));
        _names = new NativeBuffer(messagesMax * sizeof(SocketAddress));
        _controls = new NativeBuffer(messagesMax * ControlBytes);
        _used = messagesMax;
        for (int i = 0; i < messagesMax; i++)
        {
            MessageHeader* header = HeaderAt(i);
            IoVector* vector = (IoVector*)_vectors.At(0, _vectors.Length) + i;
            vector->Start = Buffer.At(i * SlotBytes, SlotBytes);
            vector->Length = SlotBytes;
            header->Name = (SocketAddress*)_names.At(0, _names.Length) + i;
            header->Pieces = vector;
            header->PieceCount = 1;
            header->Control = _controls.At(i * ControlBytes, ControlBytes);
        }
    }

    internal int Capacity { get; }

    /// <summary>Every slot's bytes; <see cref="UdpMessage.Offset"/> counts from its start.</summary>
    public NativeBuffer Buffer { get; }

    /// <summary>How many slots the last call filled.</summary>
    public int Count { get; private set; }

    public UdpMessage this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            MessageHeader* header = HeaderAt(index);
            UdpMessage message = new()
            {
                Offset = index * SlotBytes,
                Length = (int)header->Length,
                SegmentBytes = (int)header->Length,
                Source = *header->Name,
                IsTruncated = (header->Flags & Kernel.MSG_TRUNC) != 0,
            };
            ControlMessage* control = ControlMessage.Next(header->Control, header->ControlLength, null);
            while (control is not null)
            {
                Take(control, ref message);
                control = ControlMessage.Next(header->Control, header->ControlLength, control);
            }

            return message;
        }
    }

    /// <summary>Lengths the last call changed, as they were; and what is to be filled.</summary>
    internal MessageHeader* Prepare()
    {
        for (int i = 0; i < _used; i++)
        {
            MessageHeader* header = HeaderAt(i);
            header->NameLength = sizeof(SocketAddress);
            header->ControlLength = ControlBytes;
        }

        _used = 0;
        return HeaderAt(0);
    }

    internal void Received(int count)
    {
        Count = count;
        _used = count;
    }

    public void Dispose()
    {
        Buffer.Dispose();
        _headers.Dispose();
        _vectors.Dispose();
        _names.Dispose();
        _controls.Dispose();
    }

    private static void Take(ControlMessage* control, ref UdpMessage message)
    {
        byte* data = ControlMessage.Data(control);
        int bytes = ControlMessage.DataBytes(control);
        switch (control->Level, control->Type)
        {
            case (Kernel.IPPROTO_UDP, Kernel.UDP_GRO) when bytes >= sizeof(int) && *(int*)data > 0:
                message.SegmentBytes = Math.Min(*(int*)data, message.Length);
                break;
            case (Kernel.IPPROTO_IP, Kernel.IP_TOS) when bytes >= 1:
            case (Kernel.IPPROTO_IPV6, Kernel.IPV6_TCLASS) when bytes >= 1:
                // One byte for IPv4; the low one of four for IPv6: all we run on is little-endian.
                message.TrafficClass = *data;
                break;
            case (Kernel.IPPROTO_IP, Kernel.IP_PKTINFO) when bytes >= 12: // struct in_pktinfo, ipi_addr.
                message.Local = new SocketAddress
                {
                    Family = Kernel.AF_INET,
                    AddressV4NetworkOrder = *(uint*)(data + 8),
                };
                break;
            case (Kernel.IPPROTO_IPV6, Kernel.IPV6_PKTINFO) when bytes >= 20: // struct in6_pktinfo: address, index.
                message.Local = new SocketAddress
                {
                    Family = Kernel.AF_INET6,
                    AddressV6HighNetworkOrder = *(ulong*)data,
                    AddressV6LowNetworkOrder = *(ulong*)(data + 8),
                };
                break;
            default: // Nothing else was asked for.
                break;
        }
    }

    private MessageHeader* HeaderAt(int index) => (MessageHeader*)_headers.At(0, _headers.Length) + index;
}
