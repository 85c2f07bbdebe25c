using System.Runtime.CompilerServices;

namespace EdgeProxy.Routing;

/// <summary>The keyed hash of (app, address) for the binding table: 32 bits, of which any may be used.</summary>
/// <remarks>
/// Clients choose their addresses (an IPv6 client has 2^64 and more of them), so the table must not be slowed down by
/// addresses chosen to collide. With the key as 32-bit words x and secret 64-bit numbers a and b, the upper half of
/// b + Σ a·x modulo 2^64 is strongly universal (Dietzfelbinger 1996): whatever two different keys are chosen without
/// knowing the secret, they agree in n given bits with a chance of 2^-n, as random ones do. So the expected chain is as
/// short for an attacker's keys as for anybody's. The sum alone is linear: whoever learnt of one collision could
/// shift it to more. The secret, invertible mixing behind it ends that. Nobody outside sees a hash or any part of it.
/// It costs seven plain multiplications, five of which do not wait for each other, and needs no special instructions: a
/// 64 × 64 to 128 bit product is a call in a binary that is compiled for any x86-64.
/// </remarks>
internal readonly struct BindingHash
{
    private readonly ulong _highUpper;
    private readonly ulong _highLower;
    private readonly ulong _lowUpper;
    private readonly ulong _lowLower;
    private readonly ulong _app;
    private readonly ulong _start;
    private readonly uint _firstMixer;
    private readonly uint _secondMixer;

    /// <param name="seed">A secret random number.</param>
    public BindingHash(ulong seed)
    {
        _highUpper = Next(ref seed);
        _highLower = Next(ref seed);
        _lowUpper = Next(ref seed);
        _lowLower = Next(ref seed);
        _app = Next(ref seed);
        _start = Next(ref seed);
        _firstMixer = (uint)Next(ref seed) | 1; // Odd numbers have an inverse modulo 2^32.
        _secondMixer = (uint)Next(ref seed) | 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Of(int app, in IpAddress key)
    {
        ulong sum = _start + (_app * (uint)app)
            + (_highUpper * (key.High >> 32)) + (_highLower * (uint)key.High)
            + (_lowUpper * (key.Low >> 32)) + (_lowLower * (uint)key.Low);
        uint hash = (uint)(sum >> 32);
        hash = (hash ^ (hash >> 16)) * _firstMixer;
        hash = (hash ^ (hash >> 15)) * _secondMixer;
        return hash ^ (hash >> 16);
    }

    /// <summary>
    /// SplitMix64 (Steele, Lea and Flood, 2014): spreads one secret number over as many as are needed.
    /// </summary>
    private static ulong Next(ref ulong state)
    {
        ulong mixed = state += 0x9E37_79B9_7F4A_7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58_476D_1CE4_E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EB;
        return mixed ^ (mixed >> 31);
    }
}
