using EdgeProxy.Crypto;
using EdgeProxy.WireGuard;

namespace EdgeProxy.Fuzz;

/// <summary>Two devices that know each other, taken as far into their handshake as a target wants.</summary>
internal sealed class WireGuardPair : IDisposable
{
    private static readonly Endpoint s_left = new(0, 0xFFFF_0A00_0001, 51820);
    private static readonly Endpoint s_right = new(0, 0xFFFF_0A00_0002, 51820);

    private readonly byte[] _reply = new byte[Device.ReplyBytesMax];
    private long _nowNs = 1_000_000_000;

    public WireGuardPair()
    {
        Random random = new(1);
        void Fill(Span<byte> bytes) => random.NextBytes(bytes);
        byte[] key = new byte[32];
        random.NextBytes(key);
        Left = new Device(Suite, key, Fill);
        random.NextBytes(key);
        Right = new Device(Suite, key, Fill);
        RightAtLeft = Left.Add(Right.PublicKey)!;
        RightAtLeft.Endpoint = s_right;
        LeftAtRight = Right.Add(Left.PublicKey)!;
        AllowedIp four = AllowedIp.FromBytes([10, 50, 1, 0], 24);
        Right.SetAllowedIps(LeftAtRight, [four, AllowedIp.FromBytes(new byte[16], 64)]);
        Initiation = new byte[148];
        _ = RightAtLeft.Initiate(Suite, Initiation, Now);
    }

    public CipherSuite Suite { get; } = new();

    public Device Left { get; }

    public Device Right { get; }

    public Peer RightAtLeft { get; }

    public Peer LeftAtRight { get; }

    /// <summary>The true message of the left one.</summary>
    public byte[] Initiation { get; }

    /// <summary>Far enough apart that no message counts as part of a flood.</summary>
    public Moment Now
    {
        get
        {
            _nowNs += 10_000_000;
            return new Moment(_nowNs, 1_800_000_000_000_000_000 + _nowNs);
        }
    }

    public byte[] Answer()
    {
        ReceiveOutcome outcome = ToRight([.. Initiation]);
        Truth.Holds(outcome.Kind == ReceiveKind.Reply, "the true initiation is answered");
        return _reply[..outcome.Length];
    }

    public void Establish()
    {
        ReceiveOutcome outcome = ToLeft(Answer());
        Truth.Holds(outcome.Kind == ReceiveKind.Reply && outcome.Length == 32, "the true answer is confirmed");
        _ = ToRight(_reply.AsSpan(0, outcome.Length));
    }

    public ReceiveOutcome ToRight(Span<byte> datagram) =>
        Check(Right.Receive(Suite, datagram, s_left, Now, _reply), datagram);

    public ReceiveOutcome ToLeft(Span<byte> datagram) =>
        Check(Left.Receive(Suite, datagram, s_right, Now, _reply), datagram);

    /// <summary>What anybody can do who knows the receiver's key.</summary>
    public void FixMac1(Span<byte> message, Device receiver)
    {
        if (message.Length < 32) { return; }
        Span<byte> bytes = stackalloc byte[32];
        receiver.PublicKey.CopyTo(bytes);
        using Blake2s blake = new();
        blake.Hash("mac1----"u8, bytes, bytes);
        int at = message.Length - 32;
        blake.Mac(bytes, message[..at], message.Slice(at, 16));
    }

    public void Dispose()
    {
        Left.Dispose();
        Right.Dispose();
        Suite.Dispose();
    }

    /// <summary>What holds for every outcome.</summary>
    private static ReceiveOutcome Check(in ReceiveOutcome outcome, ReadOnlySpan<byte> datagram)
    {
        bool isDropped = outcome.Reason != DropReason.None;
        bool isTunnel = outcome.Kind == ReceiveKind.Tunnel;
        Truth.Holds(outcome.Kind != ReceiveKind.Drop || isDropped, "what is dropped has a reason");
        Truth.Holds(!isDropped || outcome.Kind != ReceiveKind.Tunnel, "what has a reason does not reach the tunnel");
        Truth.Holds(!isTunnel || outcome.Peer is not null, "what reaches the tunnel is somebody's");
        Truth.Holds(
            !isTunnel || outcome.Offset + outcome.Length <= datagram.Length - 16,
            "an inner packet lies in its datagram");
        Truth.Holds(outcome.Length <= Device.ReplyBytesMax || isTunnel, "a reply fits its buffer");
        return outcome;
    }
}
