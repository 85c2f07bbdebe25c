using EdgeProxy.DataPlane;
using EdgeProxy.Linux;

namespace EdgeProxy.Fuzz;

/// <summary>
/// A frame as the TUN hands it over, or a packet a peer sealed: whatever the bytes are, nothing is read or written
/// outside them, what is cut has headers that fit, and what is joined again is what was cut.
/// </summary>
internal static class TunnelPacketTarget
{
    private const int StrideBytes = 4_096;
    private const int HeadroomBytes = 16;
    private const int PacketsMax = 64;

    public static void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length > TunQueue.FrameBytesMax) { return; }
        CheckPacket(input);
        if (SegmentPlan.TryMake(input, out SegmentPlan plan) != FrameProblem.None) { return; }
        if (plan.PacketBytes > StrideBytes - HeadroomBytes) { return; }
        byte[] buffer = new byte[PacketsMax * StrideBytes];
        int count = Math.Min(plan.Count, PacketsMax);
        PacketCoalescer coalescer = new(PacketsMax);
        byte[] frame = input.ToArray();
        int payload = 0;
        for (int i = 0; i < count; i++)
        {
            int offset = (i * StrideBytes) + HeadroomBytes;
            int bytes = plan.Write(input, i, buffer.AsSpan(offset, plan.BytesOf(i)));
            Span<byte> packet = buffer.AsSpan(offset, bytes);
            Truth.Holds(PacketHeader.TryParse(packet, out PacketHeader header), "what was cut is a packet");
            Truth.Holds(header.TotalBytes == bytes, $"it is as long as its header says ({header.TotalBytes}, {bytes})");
            if (plan.CanBeArranged)
            {
                int at = plan.Arrange(frame, i);
                Truth.Holds(frame.AsSpan(at, bytes).SequenceEqual(packet), "in place it is the same");
            }

            payload += bytes;
            Truth.Holds(coalescer.TryAdd(buffer, offset, header), "there is room");
        }

        int joined = 0;
        for (int i = 0; i < coalescer.Count; i++)
        {
            foreach (BufferPiece piece in coalescer.Take(buffer, i))
            {
                joined += buffer.AsSpan(piece.Offset, piece.Length).Length;
            }

            joined -= VirtioHeader.Bytes;
        }

        Truth.Holds(joined <= payload, "joining adds nothing");
    }

    /// <summary>What a peer sealed meets these before anybody has vouched for it.</summary>
    private static void CheckPacket(ReadOnlySpan<byte> input)
    {
        byte[] packet = input.ToArray();
        if (!PacketHeader.TryParse(packet, out PacketHeader header)) { return; }
        bool isInside = header.TotalBytes <= packet.Length && header.HeaderBytes <= header.TotalBytes;
        Truth.Holds(isInside, "a packet lies in its bytes");
        _ = header.Source(packet);
        _ = header.Destination(packet);
        _ = TunnelEcn.Combine(packet, header, 3);
        if (MssClamp.Apply(packet, header, 1_420))
        {
            Truth.Holds(!MssClamp.Apply(packet, header, 1_420), "what was lowered is low");
        }
    }
}
