using EdgeProxy.Telemetry;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// Turns the records the loops leave behind into lines. The rings are given once the loops exist; until then, and when
/// the mode is off, there is nothing to drain. The log thread owns it.
/// </summary>
internal sealed class ConnectionLog(ConnectionLogMode mode, LogFormat format)
{
    /// <summary>Of the connections that simply finished, a sampled log keeps one in this many.</summary>
    public const int SampledOneIn = 100;

    /// <summary>Most records taken from one ring before the next has its turn.</summary>
    private const int BatchMax = 1_024;

    private readonly byte[] _line = new byte[LineBuilder.LineBytesMax];
    private volatile IReadOnlyList<RecordRing> _rings = [];
    private volatile ConnectionNames? _names;
    private int _finished;

    public bool IsOn => mode != ConnectionLogMode.Off && _rings.Count > 0;

    /// <summary>Records lost in full rings.</summary>
    public long Dropped
    {
        get
        {
            long dropped = 0;
            IReadOnlyList<RecordRing> rings = _rings;
            for (int i = 0; i < rings.Count; i++) { dropped += rings[i].Dropped; }
            return dropped;
        }
    }

    public void Attach(IReadOnlyList<RecordRing> rings, ConnectionNames names)
    {
        _names = names;
        _rings = rings;
    }

    /// <summary>Writes a line per record waiting, a bounded number per ring.</summary>
    /// <returns>Records taken.</returns>
    public int Drain(LogSink sink)
    {
        if (!IsOn) { return 0; }
        int taken = 0;
        IReadOnlyList<RecordRing> rings = _rings;
        for (int i = 0; i < rings.Count; i++)
        {
            for (int batch = 0; batch < BatchMax && rings[i].TryRead(out ConnectionRecord record); batch++)
            {
                taken++;
                if (IsWanted(record)) { sink.Add(Line(record)); }
            }
        }

        return taken;
    }

    private bool IsWanted(in ConnectionRecord record) =>
        mode == ConnectionLogMode.All || record.Reason != CloseReason.Finished || _finished++ % SampledOneIn == 0;

    private ReadOnlySpan<byte> Line(in ConnectionRecord record)
    {
        LineBuilder line = new(_line, format);
        ConnectionNames names = _names!;
        return ConnectionLine.Write(
            ref line, record, ConnectionNames.Country(record.Country), names.App(record.App), names.Backend(record.BackendSlot));
    }
}
