using System.Numerics;

namespace EdgeProxy.WireGuard;

/// <summary>
/// Under load a source gets five handshakes at once and twenty a second (the kernel's
/// drivers/net/wireguard/ratelimiter.c), an IPv6 source being a /64. A fixed number of sources is remembered; the one
/// heard of longest ago makes room. Guarded by its owner.
/// </summary>
/// <remarks>Asked only about sources that proved where they are by a cookie: a forged address takes no place
/// here.</remarks>
internal sealed class HandshakeLimiter(ulong seed)
{
    public const int SourcesMax = 4096;

    private const int Ways = 4;
    private const long TokenNs = Timers.Second / 20;
    private const long FullNs = 5 * TokenNs;

    private readonly Source[] _sources = new Source[SourcesMax];

    public bool Allows(in Endpoint source, long nowNs)
    {
        (ulong high, ulong low) = source.IsIPv4 ? (source.High, source.Low) : (source.High, 0);
        int first = (int)(Hash(high, low) % (SourcesMax / Ways)) * Ways;
        ref Source found = ref _sources[first];
        for (int i = 0; i < Ways; i++)
        {
            ref Source each = ref _sources[first + i];
            if (each.IsUsed && each.High == high && each.Low == low) { return each.TryTake(nowNs); }
            if (!each.IsUsed || (found.IsUsed && each.SeenNs < found.SeenNs)) { found = ref each; }
        }

        found = new Source { High = high, Low = low, SeenNs = nowNs, TokensNs = FullNs, IsUsed = true };
        return found.TryTake(nowNs);
    }

    /// <summary>Seeded, so that nobody chooses addresses that push others out.</summary>
    private ulong Hash(ulong high, ulong low)
    {
        ulong mixed = (high ^ seed) * 0x9E37_79B9_7F4A_7C15;
        mixed = (BitOperations.RotateLeft(mixed, 32) ^ low ^ seed) * 0xD6E8_FEB8_6659_FD93;
        return (mixed ^ (mixed >> 32)) * 0xD6E8_FEB8_6659_FD93 >> 20;
    }

    private struct Source
    {
        public ulong High;
        public ulong Low;
        public long SeenNs;
        public long TokensNs;
        public bool IsUsed;

        public bool TryTake(long nowNs)
        {
            TokensNs = Math.Min(FullNs, TokensNs + Math.Max(0, nowNs - SeenNs));
            SeenNs = nowNs;
            if (TokensNs < TokenNs) { return false; }
            TokensNs -= TokenNs;
            return true;
        }
    }
}
