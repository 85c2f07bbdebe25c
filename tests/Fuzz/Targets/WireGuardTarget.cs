using System.Buffers.Binary;
using EdgeProxy.WireGuard;

namespace EdgeProxy.Fuzz;

/// <summary>
/// The four messages, from an enemy who knows the public keys. An input is the difference to the true message: zeros
/// are the message itself, so a mutation of the corpus is a true message with damage, whatever the keys are.
/// </summary>
internal static class WireGuardTarget
{
    private static WireGuardPair? s_initiating;
    private static WireGuardPair? s_answered;
    private static WireGuardPair? s_established;
    private static byte[] s_answer = [];

    /// <summary>Nothing but the true initiation is answered, and that one once.</summary>
    public static void RunInitiation(ReadOnlySpan<byte> input)
    {
        s_initiating ??= new WireGuardPair();
        byte[] message = Damage(s_initiating.Initiation, input);
        s_initiating.FixMac1(message, s_initiating.Right);

        // The index it comes from is authenticated by nothing but mac1: the paper lets it be anything.
        bool isTrue = AreSame(message, s_initiating.Initiation, from: 8);
        ReceiveOutcome outcome = s_initiating.ToRight(message);
        bool isAnswered = outcome.Kind == ReceiveKind.Reply;
        Truth.Holds(isAnswered == isTrue, $"only the true initiation is answered ({outcome.Reason})");
        if (isTrue) { Renew(ref s_initiating); }
    }

    /// <summary>Nothing but the true answer makes a session.</summary>
    public static void RunResponse(ReadOnlySpan<byte> input)
    {
        if (s_answered is null)
        {
            s_answered = new WireGuardPair();
            s_answer = s_answered.Answer();
        }

        byte[] message = Damage(s_answer, input);
        s_answered.FixMac1(message, s_answered.Left);
        bool isTrue = AreSame(message, s_answer);
        bool isTrueButForItsSender = AreSame(message, s_answer, from: 8); // As above.
        ReceiveOutcome outcome = s_answered.ToLeft(message);
        bool isTaken = s_answered.RightAtLeft.Handshakes > 0;
        Truth.Holds(!isTrue || isTaken, $"the true answer is taken ({outcome.Reason})");
        Truth.Holds(!isTaken || isTrueButForItsSender, "no other answer is taken");
        if (isTaken) { Renew(ref s_answered); }
    }

    /// <summary>No cookie but one sealed to our own message is believed.</summary>
    public static void RunCookie(ReadOnlySpan<byte> input)
    {
        s_initiating ??= new WireGuardPair();
        byte[] reply = new byte[64];
        reply[0] = 3;
        s_initiating.Initiation.AsSpan(4, 4).CopyTo(reply.AsSpan(4));
        ReceiveOutcome outcome = s_initiating.ToLeft(Damage(reply, input));
        Truth.Holds(outcome.Kind == ReceiveKind.Drop, "a forged cookie is dropped");
    }

    /// <summary>A datagram of an established session, damaged: only the true one is opened.</summary>
    public static void RunData(ReadOnlySpan<byte> input)
    {
        byte[] message = Seal(TruePacket());
        byte[] damaged = Damage(message, input);
        bool isTrue = damaged.AsSpan().SequenceEqual(message);
        ReceiveOutcome outcome = s_established!.ToRight(damaged);
        bool isOpened = outcome.Kind == ReceiveKind.Tunnel;
        Truth.Holds(isOpened == isTrue, $"only the true datagram is opened ({outcome.Reason})");
        ReadOnlySpan<byte> opened = damaged.AsSpan(outcome.Offset, outcome.Length);
        Truth.Holds(!isTrue || opened.SequenceEqual(TruePacket()), "it holds what was sealed");
    }

    /// <summary>
    /// An inner packet of a peer that is authentic and hostile: what is let through is whole and its own.
    /// </summary>
    public static void RunInner(ReadOnlySpan<byte> input)
    {
        byte[] packet = input[..Math.Min(input.Length, 2000)].ToArray();
        byte[] message = Seal(packet);
        ReceiveOutcome outcome = s_established!.ToRight(message);
        bool isTunnel = outcome.Kind == ReceiveKind.Tunnel;
        Truth.Holds(!isTunnel || IsWholeAndOwn(packet), "what reaches the tunnel is whole and the peer's");
    }

    private static bool IsWholeAndOwn(byte[] packet)
    {
        byte[] padded = [.. packet, .. new byte[15]]; // Padding may make up for what is missing.
        if (packet.Length < 5) { return false; }
        if (packet[0] >> 4 == 4)
        {
            int total = (packet[2] << 8) | packet[3];
            return total >= 20 && total <= padded.Length && padded.AsSpan(12, 3).SequenceEqual((byte[])[10, 50, 1]);
        }

        int payload = (padded[4] << 8) | padded[5];
        return packet[0] >> 4 == 6 && 40 + payload <= padded.Length && !padded.AsSpan(8, 8).ContainsAnyExcept((byte)0);
    }

    private static byte[] TruePacket()
    {
        byte[] packet = new byte[60];
        (packet[0], packet[3]) = (0x45, 60);
        (packet[12], packet[13], packet[14], packet[15]) = (10, 50, 1, 9);
        return packet;
    }

    private static byte[] Seal(byte[] packet)
    {
        if (s_established is null)
        {
            s_established = new WireGuardPair();
            s_established.Establish();
        }

        byte[] buffer = new byte[s_established.RightAtLeft.WireBytes(packet.Length)];
        packet.CopyTo(buffer, 16);
        long nowNs = s_established.Now.Ns;
        if (s_established.RightAtLeft.TryBeginSeal(1, nowNs, out SealBatch batch) == SealReadiness.NoSession)
        {
            Renew(ref s_established); // Three minutes of its own time have passed.
            return Seal(packet);
        }

        _ = batch.Seal(s_established.Suite, buffer, packet.Length);
        batch.Dispose();
        return buffer;
    }

    private static byte[] Damage(byte[] message, ReadOnlySpan<byte> difference)
    {
        byte[] damaged = difference[..Math.Min(difference.Length, 4096)].ToArray();
        for (int i = 0; i < Math.Min(damaged.Length, message.Length); i++) { damaged[i] ^= message[i]; }
        return damaged;
    }

    /// <summary>But for mac2, which nobody looks at without load.</summary>
    private static bool AreSame(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other, int from = 0) =>
        one.Length == other.Length && one[from..^32].SequenceEqual(other[from..^32])
        && BinaryPrimitives.ReadUInt32LittleEndian(one) == BinaryPrimitives.ReadUInt32LittleEndian(other);

    private static void Renew(ref WireGuardPair? pair)
    {
        pair?.Dispose();
        pair = null;
    }
}
