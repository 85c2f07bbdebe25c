namespace EdgeProxy.Routing;

/// <summary>
/// The keyed hash of (app, address) for the binding table: 64 bits, of which any may be used.
/// </summary>
/// <remarks>
/// Clients choose their addresses (an IPv6 client has 2^64 and more of them), so the table must not be slowed down by
/// addresses chosen to collide. The sum a₀·high + a₁·low + a₂·app + b, with secret 128-bit numbers and modulo 2^128, is
/// strongly universal in its upper 64 bits (Dietzfelbinger 1996): whatever two different keys are chosen without
/// knowing the secret, they agree in n given bits with a chance of 2^-n, as random ones do. So the expected chain is as
/// short for an attacker's keys as for anybody's. The sum alone is linear: whoever learnt of one collision could
/// shift it to more. The secret, invertible mixing behind it ends that. Nobody outside sees a hash or any part of it.
/// It costs six multiplications that do not wait for each other, and needs no special instructions.
/// </remarks>
internal readonly struct BindingHash
{
    private readonly ulong _highUpper;
    private readonly ulong _highLower;
    private readonly ulong _lowUpper;
    private readonly ulong _lowLower;
    private readonly ulong _appUpper;
    private readonly ulong _appLower;
    private readonly ulong _startUpper;
    private readonly ulong _startLower;
    private readonly ulong _mixer;

    /// <param name="seed">A secret random number.</param>
    public BindingHash(ulong seed)
    {
        _highUpper = Next(ref seed);
        _highLower = Next(ref seed);
        _lowUpper = Next(ref seed);
        _lowLower = Next(ref seed);
        _appUpper = Next(ref seed);
        _appLower = Next(ref seed);
        _startUpper = Next(ref seed);
        _startLower = Next(ref seed);
        _mixer = Next(ref seed) | 1; // Odd numbers have an inverse modulo 2^64.
    }

    public ulong Of(int app, in IpAddress key)
    {
        ulong number = (uint)app;
        ulong upper = Math.BigMul(key.High, _highLower, out ulong lower) + (key.High * _highUpper) + _startUpper;
        ulong upperOfLow = Math.BigMul(key.Low, _lowLower, out ulong lowerOfLow) + (key.Low * _lowUpper);
        ulong upperOfApp = Math.BigMul(number, _appLower, out ulong lowerOfApp) + (number * _appUpper);
        Add(ref upper, ref lower, upperOfLow, lowerOfLow);
        Add(ref upper, ref lower, upperOfApp, lowerOfApp);
        Add(ref upper, ref lower, 0, _startLower);
        upper = (upper ^ (upper >> 32)) * _mixer;
        return upper ^ (upper >> 32);
    }

    private static void Add(ref ulong upper, ref ulong lower, ulong addedUpper, ulong addedLower)
    {
        lower += addedLower;
        upper += addedUpper + (lower < addedLower ? 1UL : 0UL);
    }

    /// <summary>SplitMix64 (Steele, Lea and Flood, 2014): spreads one secret number over as many as are needed.</summary>
    private static ulong Next(ref ulong state)
    {
        ulong mixed = state += 0x9E37_79B9_7F4A_7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58_476D_1CE4_E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EB;
        return mixed ^ (mixed >> 31);
    }
}
