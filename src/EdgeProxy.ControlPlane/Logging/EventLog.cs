using EdgeProxy.Linux;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// The program's own log: structured lines about what happened, never waited for. Any thread may write; the lines are
/// queued, bounded, and leave through the log thread. Begin, add fields, then <see cref="LogEvent.Write"/>.
/// </summary>
public sealed class EventLog : IDisposable
{
    private const int QueueBytes = 128 * 1024;

    [ThreadStatic]
    private static byte[]? t_line;

    private readonly LogLevel _level;
    private readonly LineQueue _queue = new(QueueBytes);

    /// <param name="level">Events below it are not written.</param>
    /// <param name="format">How lines are spelled.</param>
    public EventLog(LogLevel level, LogFormat format)
    {
        _level = level;
        Format = format;
    }

    internal LogFormat Format { get; }

    /// <summary>Set when lines are waiting.</summary>
    internal WakeEvent Waiting { get; } = new();

    internal LineQueue Queue => _queue;

    public bool IsEnabled(LogLevel level) => level >= _level;

    /// <summary>
    /// Begins an event; one at a time per thread. What is below the log's level costs nothing and goes nowhere.
    /// </summary>
    /// <param name="level">How much it matters.</param>
    /// <param name="message">What happened, in a sentence without the values, which are fields.</param>
    public LogEvent Begin(LogLevel level, string message)
    {
        if (!IsEnabled(level)) { return default; }
        LineBuilder line = new(t_line ??= new byte[LineBuilder.LineBytesMax], Format);
        line.AddTime("ts"u8, DateTime.UtcNow);
        line.Add("level"u8, Name(level));
        line.Add("msg"u8, message);
        return new LogEvent(this, line);
    }

    /// <summary>An event without fields.</summary>
    public void Write(LogLevel level, string message) => Begin(level, message).Write();

    public void Dispose() => Waiting.Dispose();

    internal void Enqueue(ReadOnlySpan<byte> line)
    {
        if (_queue.TryAdd(line)) { Waiting.Set(); }
    }

    private static ReadOnlySpan<byte> Name(LogLevel level) => level switch
    {
        LogLevel.Debug => "debug"u8,
        LogLevel.Info => "info"u8,
        LogLevel.Warn => "warn"u8,
        _ => "error"u8,
    };
}
