using System.Numerics;
using EdgeProxy.Routing;

namespace EdgeProxy.DataPlane;

/// <summary>
/// One deadline per connection, in a hierarchical timing wheel (Varghese and Lauck, 1987): setting and clearing cost a
/// few list operations whatever the number of timers. Resolution 8 ms; a timer is never early and at most two ticks
/// late. Level 0 holds the next 64 ticks (0.5 s), each level above 64 times more (33 s, 36 min, 38 h).
/// </summary>
internal sealed class TimerWheel
{
    internal const int TickMs = 8;
    private const int LevelBits = 6;
    private const int LevelSlots = 1 << LevelBits;
    private const int Levels = 4;
    private const long TicksMax = (1L << (LevelBits * Levels)) - 1;

    private readonly ConnectionTable _connections;
    private readonly int[] _heads = new int[Levels * LevelSlots];
    private readonly ulong[] _occupied = new ulong[Levels];
    private long _tick;

    internal TimerWheel(ConnectionTable connections, long nowMs)
    {
        _connections = connections;
        _tick = nowMs / TickMs;
        Array.Fill(_heads, -1);
    }

    internal void Set(ref Connection connection, long dueMs)
    {
        if (connection.TimerSlot >= 0) { Unlink(ref connection); }
        connection.TimerMs = dueMs;
        Link(ref connection);
    }

    /// <summary>
    /// As <see cref="Set"/>, but a timer that is due before stays as it is: for an owner who looks again when it fires.
    /// A connection that ends before pays for one timer only.
    /// </summary>
    internal void SetNoLaterThan(ref Connection connection, long dueMs)
    {
        if (connection.TimerSlot < 0 || connection.TimerMs > dueMs) { Set(ref connection, dueMs); }
    }

    internal void Clear(ref Connection connection)
    {
        if (connection.TimerSlot >= 0) { Unlink(ref connection); }
    }

    /// <summary>Takes the next connection whose deadline has passed, or -1. Call until -1.</summary>
    internal int TakeDue(long nowMs)
    {
        long target = nowMs / TickMs;
        while (true)
        {
            int due = _heads[Slot(0, _tick)];
            if (due >= 0)
            {
                Unlink(ref _connections[due]);
                if (_connections[due].TimerMs <= nowMs) { return due; }
                LinkAt(ref _connections[due], _tick + 1); // In its tick, not yet in its millisecond.
                continue;
            }

            if (_tick >= target) { return -1; }
            _tick = NextOccupiedTick(target);
            Cascade();
        }
    }

    /// <summary>Milliseconds until <see cref="TakeDue"/> can have something to do; -1 for never.</summary>
    internal long WaitMs(long nowMs)
    {
        long best = long.MaxValue;
        for (int level = 0; level < Levels; level++)
        {
            if (_occupied[level] == 0) { continue; }
            int shift = level * LevelBits;
            int position = (int)(_tick >> shift) & (LevelSlots - 1);

            // Bit 0 of the rotated word is the current slot: at level 0 it is due, above it stands for a full turn.
            ulong ahead = BitOperations.RotateRight(_occupied[level], position);
            if (level > 0) { ahead &= ~1UL; }
            long slots = ahead == 0 ? LevelSlots : BitOperations.TrailingZeroCount(ahead);
            long tick = ((_tick >> shift) + slots) << shift;
            best = Math.Min(best, Math.Max(tick, _tick));
        }

        return best == long.MaxValue ? -1 : Math.Max(0, (best * TickMs) + TickMs - nowMs);
    }

    private long NextOccupiedTick(long target)
    {
        // Empty stretches are jumped over, but never past a boundary at which a higher level must be spread out.
        ulong ahead = BitOperations.RotateRight(_occupied[0], (int)(_tick + 1) & (LevelSlots - 1));
        long step = 1 + (ahead == 0 ? LevelSlots : BitOperations.TrailingZeroCount(ahead));
        long boundary = (_tick | (LevelSlots - 1)) + 1;
        return Math.Min(Math.Min(_tick + step, boundary), target);
    }

    private void Cascade()
    {
        for (int level = 1; level < Levels && (_tick & ((1L << (level * LevelBits)) - 1)) == 0; level++)
        {
            int slot = Slot(level, _tick);
            while (_heads[slot] >= 0)
            {
                ref Connection connection = ref _connections[_heads[slot]];
                Unlink(ref connection);
                Link(ref connection);
            }
        }
    }

    private void Link(ref Connection connection) => LinkAt(ref connection, connection.TimerMs / TickMs);

    private void LinkAt(ref Connection connection, long tick)
    {
        long ticks = Math.Clamp(tick - _tick, 0, TicksMax);
        int level = ticks < LevelSlots ? 0 : BitOperations.Log2((ulong)ticks) / LevelBits;
        int slot = Slot(level, _tick + ticks);
        connection.TimerSlot = (short)slot;
        connection.TimerPrevious = -1;
        connection.TimerNext = _heads[slot];
        if (connection.TimerNext >= 0) { _connections[connection.TimerNext].TimerPrevious = connection.Index; }
        _heads[slot] = connection.Index;
        _occupied[level] |= 1UL << (slot & (LevelSlots - 1));
    }

    private void Unlink(ref Connection connection)
    {
        int slot = connection.TimerSlot;
        Invariant.Holds(slot >= 0);
        if (connection.TimerPrevious >= 0)
        {
            _connections[connection.TimerPrevious].TimerNext = connection.TimerNext;
        }
        else
        {
            _heads[slot] = connection.TimerNext;
            if (connection.TimerNext < 0) { _occupied[slot >> LevelBits] &= ~(1UL << (slot & (LevelSlots - 1))); }
        }

        if (connection.TimerNext >= 0) { _connections[connection.TimerNext].TimerPrevious = connection.TimerPrevious; }
        connection.TimerSlot = -1;
    }

    private static int Slot(int level, long tick) =>
        (level << LevelBits) + ((int)(tick >> (level * LevelBits)) & (LevelSlots - 1));
}
