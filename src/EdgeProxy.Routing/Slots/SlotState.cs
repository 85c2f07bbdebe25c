namespace EdgeProxy.Routing;

/// <summary>
/// What is true of one backend now and since it was first seen. Changed by any loop with atomic operations.
/// </summary>
internal struct SlotState
{
    /// <summary>
    /// Generation in the upper half, connections in the lower: one CAS checks both (see <see cref="Seat"/>).
    /// </summary>
    public long SeatWord;

    public long Connections;
    public long Errors;
    public long UploadBytes;
    public long DownloadBytes;

    /// <summary>Number of its latency histogram; 0 is the shared one.</summary>
    public int Latency;
}
