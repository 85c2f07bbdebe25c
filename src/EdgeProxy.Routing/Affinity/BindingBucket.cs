using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeProxy.Routing;

/// <summary>
/// Four bindings in two neighbouring cache lines, without references. Processors fetch such pairs together, and the
/// four keys are compared without a branch, so the next look-up's memory is asked for before this one's has come.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal struct BindingBucket
{
    public const int Bytes = 128;
    public const int LaneBits = 2;
    public const int Lanes = 1 << LaneBits;

    /// <summary>What <see cref="Apps"/> has in a free lane.</summary>
    public const int Free = -1;

    public BindingLane<ulong> Lows;
    public BindingLane<ulong> Highs;
    public BindingLane<int> Apps;
    public BindingLane<int> Slots;
    public BindingLane<uint> LastUses;

    /// <summary>The next bucket of the chain, or of the free ones; 0 ends it.</summary>
    public int Next;

    public readonly bool IsEmpty => (Apps[0] & Apps[1] & Apps[2] & Apps[3]) == Free;

    /// <summary>Makes it empty, whatever it held.</summary>
    public void Clear()
    {
        for (int lane = 0; lane < Lanes; lane++) { Apps[lane] = Free; }
        Next = 0;
    }

    /// <summary>The key's lane, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int Find(int app, in IpAddress key)
    {
        int found = Is(0, app, key) | (Is(1, app, key) << 1) | (Is(2, app, key) << 2) | (Is(3, app, key) << 3);
        return found == 0 ? -1 : BitOperations.TrailingZeroCount(found);
    }

    /// <summary>A free lane, or -1.</summary>
    public readonly int FindFree()
    {
        for (int lane = 0; lane < Lanes; lane++)
        {
            if (Apps[lane] == Free) { return lane; }
        }

        return -1;
    }

    public readonly Binding Read(int lane) =>
        new(Apps[lane], new IpAddress(Highs[lane], Lows[lane]), Slots[lane], LastUses[lane]);

    public void Write(int lane, in Binding binding)
    {
        Lows[lane] = binding.Key.Low;
        Highs[lane] = binding.Key.High;
        Slots[lane] = binding.Slot;
        LastUses[lane] = binding.LastUseSeconds;
        Apps[lane] = binding.App;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int Is(int lane, int app, in IpAddress key) =>
        ((Lows[lane] ^ key.Low) | (Highs[lane] ^ key.High) | (uint)(Apps[lane] ^ app)) == 0 ? 1 : 0;
}
