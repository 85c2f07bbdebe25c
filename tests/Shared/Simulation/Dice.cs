namespace EdgeProxy.Testing;

/// <summary>
/// The one source of chance of a simulation (SplitMix64): the same seed gives the same run on every machine and runtime.
/// </summary>
public sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    public ulong Seed { get; } = seed;

    public ulong Next()
    {
        _state += 0x9E37_79B9_7F4A_7C15;
        ulong mixed = _state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58_476D_1CE4_E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>0 to <paramref name="bound"/> - 1.</summary>
    public int Below(int bound) => (int)(Next() % (ulong)bound);

    /// <summary>Both ends included.</summary>
    public int Between(int low, int high) => low + Below(high - low + 1);

    public bool Chance(int perMille) => Below(1000) < perMille;

    /// <summary>Mostly about <paramref name="typicalNs"/>, sometimes nothing, sometimes twenty times as long.</summary>
    public long Delay(long typicalNs) => Below(16) switch
    {
        0 => 0,
        1 => typicalNs * Between(5, 20),
        _ => (long)(Next() % (ulong)((2 * typicalNs) + 1)),
    };

    /// <summary>A part of <paramref name="whole"/>, at least 1: often all of it, often little.</summary>
    public int PartOf(int whole) => Below(4) switch
    {
        0 => Between(1, Math.Min(whole, 8)),
        1 => Between(1, whole),
        _ => whole,
    };

    public T Pick<T>(ReadOnlySpan<T> from) => from[Below(from.Length)];
}
