using System.Buffers.Binary;

namespace EdgeProxy.WireGuard;

/// <summary>The time stamp of an initiation (https://cr.yp.to/libtai/tai64.html): ordered as bytes are.</summary>
internal readonly record struct Tai64n(ulong Seconds, uint Nanoseconds) : IComparable<Tai64n>
{
    /// <summary>1970 in TAI64, with the ten leap seconds everybody adds and leaves at that.</summary>
    private const ulong Epoch = (1UL << 62) + 10;

    /// <summary>
    /// Coarser than it could be, as in the kernel (drivers/net/wireguard/noise.c, tai64n_now): a fine clock would tell
    /// whoever watches about the load of this host.
    /// </summary>
    private const uint Step = 1 << 24;

    public static Tai64n FromUnix(long unixNs)
    {
        (long seconds, long rest) = Math.DivRem(Math.Max(0, unixNs), Timers.Second);
        return new Tai64n(Epoch + (ulong)seconds, (uint)rest & ~(Step - 1));
    }

    public static Tai64n Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]));

    /// <summary>The next one after this, for a clock that stood still or was set back.</summary>
    public Tai64n Next() => Nanoseconds + Step < Timers.Second
        ? this with { Nanoseconds = Nanoseconds + Step }
        : new Tai64n(Seconds + 1, 0);

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Seconds);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[8..], Nanoseconds);
    }

    public int CompareTo(Tai64n other)
    {
        int seconds = Seconds.CompareTo(other.Seconds);
        return seconds != 0 ? seconds : Nanoseconds.CompareTo(other.Nanoseconds);
    }

    public static bool operator <(Tai64n left, Tai64n right) => left.CompareTo(right) < 0;

    public static bool operator >(Tai64n left, Tai64n right) => left.CompareTo(right) > 0;

    public static bool operator <=(Tai64n left, Tai64n right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Tai64n left, Tai64n right) => left.CompareTo(right) >= 0;
}
