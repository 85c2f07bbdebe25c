using System.Text;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// One event on its way into an <see cref="EventLog"/>; it lives on the stack of the thread that began it.
/// </summary>
public ref struct LogEvent
{
    private readonly EventLog? _log;
    private LineBuilder _line;

    internal LogEvent(EventLog log, LineBuilder line)
    {
        _log = log;
        _line = line;
    }

    /// <summary>Adds a field; an absent (null) value adds none.</summary>
    public LogEvent With(string key, string? value)
    {
        if (_log is not null && value is not null) { _line.Add(Key(key, stackalloc byte[KeyBytesMax]), value); }
        return this;
    }

    /// <summary>Adds a field.</summary>
    public LogEvent With(string key, long value)
    {
        if (_log is not null) { _line.Add(Key(key, stackalloc byte[KeyBytesMax]), value); }
        return this;
    }

    /// <summary>Hands the line to the log.</summary>
    public void Write() => _log?.Enqueue(_line.End());

    private const int KeyBytesMax = 32;

    private static ReadOnlySpan<byte> Key(string key, Span<byte> target)
    {
        _ = Encoding.ASCII.TryGetBytes(key, target, out int written);
        return target[..written];
    }
}
