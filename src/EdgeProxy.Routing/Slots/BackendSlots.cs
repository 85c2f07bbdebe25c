using System.Text;

namespace EdgeProxy.Routing;

/// <summary>
/// The backends' live state, by id, in slots that outlive every table: a backend that is renumbered, removed and put
/// back finds its connections and totals again. A slot is named by a handle (index and generation), the same number in
/// every table, binding and record. Loops change seats and counters from any thread; slots are given out and taken
/// back by the one thread that builds and publishes tables.
/// </summary>
public sealed partial class BackendSlots
{
    /// <summary>
    /// Most backends a table may have; the rest of the slots is for those gone from it but not yet idle.
    /// </summary>
    public const int BackendsMax = 2_000_000;

    /// <summary>Backends with a latency histogram of their own; the rest shares <see cref="OtherLatency"/>.</summary>
    public const int OwnLatencyMax = 1_000;

    internal const int SlotsMax = 1 << Seat.IndexBits;
    internal const int ChunkBits = 12;
    internal const int ChunkMask = (1 << ChunkBits) - 1;

    private readonly SlotState[][] _chunks = new SlotState[SlotsMax >> ChunkBits][];
    private readonly LatencyHistogram[] _latencies = new LatencyHistogram[OwnLatencyMax + 1];
    private SlotNames _names = new();
    private readonly int _goneKeptMax;
    private int _count;

    public BackendSlots()
        : this(GoneKeptDefault)
    {
    }

    internal BackendSlots(int goneKeptMax)
    {
        _goneKeptMax = goneKeptMax;
        _latencies[0] = new LatencyHistogram();
    }

    /// <summary>Connect times of all backends without a histogram of their own.</summary>
    public LatencyHistogram OtherLatency => _latencies[0];

    /// <summary>Slots ever in use: indexes below this are valid.</summary>
    internal int Count => Volatile.Read(ref _count);

    /// <summary>Connections the backend carries now: reserved seats.</summary>
    public int Connections(int slot) => Seat.Connections(Volatile.Read(ref At(slot).SeatWord));

    /// <summary>The backend's id; empty once it has been gone for so long that its slot was taken back.</summary>
    public string Id(int slot) => Encoding.UTF8.GetString(IdUtf8(slot));

    /// <summary>The backend's id as UTF-8, without an allocation.</summary>
    public ReadOnlySpan<byte> IdUtf8(int slot)
    {
        ReadOnlySpan<byte> id = Volatile.Read(ref _names).Get(slot & Seat.IndexMask);
        return TryGetConnections(slot, out _) ? id : default;
    }

    public SlotTotals Totals(int slot)
    {
        ref SlotState state = ref At(slot);
        return new SlotTotals(
            Volatile.Read(ref state.Connections),
            Volatile.Read(ref state.Errors),
            Volatile.Read(ref state.UploadBytes),
            Volatile.Read(ref state.DownloadBytes));
    }

    /// <summary>The backend's own histogram, or null when it shares <see cref="OtherLatency"/>.</summary>
    public LatencyHistogram? OwnLatency(int slot)
    {
        int number = Volatile.Read(ref At(slot).Latency);
        return number == 0 ? null : _latencies[number];
    }

    /// <summary>Counts bytes relayed; the caller holds a seat.</summary>
    public void AddBytes(int slot, long uploadBytes, long downloadBytes)
    {
        ref SlotState state = ref At(slot);
        if (uploadBytes != 0) { Interlocked.Add(ref state.UploadBytes, uploadBytes); }
        if (downloadBytes != 0) { Interlocked.Add(ref state.DownloadBytes, downloadBytes); }
    }

    /// <summary>Counts a connection that reached the backend and how long that took; the caller holds a seat.</summary>
    public void CountConnect(int slot, long connectNs)
    {
        ref SlotState state = ref At(slot);
        Interlocked.Increment(ref state.Connections);
        _latencies[Volatile.Read(ref state.Latency)].Add(connectNs);
    }

    /// <summary>Counts an attempt that did not reach the backend; the caller holds a seat.</summary>
    internal void CountError(int slot) => Interlocked.Increment(ref At(slot).Errors);

    /// <summary>The connections of the handle's owner; false when the slot has changed hands since.</summary>
    internal bool TryGetConnections(int slot, out int connections)
    {
        long word = Volatile.Read(ref At(slot).SeatWord);
        connections = Seat.Connections(word);
        return Seat.IsSameGeneration(slot, word);
    }

    internal bool TryReserve(int slot, int hardLimit) => Seat.TryReserve(ref At(slot).SeatWord, slot, hardLimit);

    internal void Release(int slot) => Seat.Release(ref At(slot).SeatWord, slot);

    private ref SlotState At(int slot) =>
        ref _chunks[(slot & Seat.IndexMask) >> ChunkBits][slot & ChunkMask];
}
