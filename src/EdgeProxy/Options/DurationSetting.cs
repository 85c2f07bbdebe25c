using System.Globalization;

namespace EdgeProxy;

/// <summary>Seconds, with a fraction where wanted ("0.2"), held as milliseconds.</summary>
internal sealed class DurationSetting : TypedSetting<int>
{
    /// <summary>About 23 days: the longest that still fits 32 bits of milliseconds.</summary>
    public const int SecondsMax = 2_000_000;

    private readonly double _minSeconds;
    private readonly double _maxSeconds;

    public DurationSetting(string name, string defaultText, double minSeconds, double maxSeconds, string summary)
        : base(name, defaultText, summary)
    {
        _minSeconds = minSeconds;
        _maxSeconds = maxSeconds;
        TakeDefault();
    }

    public override string Accepts =>
        string.Create(CultureInfo.InvariantCulture, $"seconds, {_minSeconds} to {_maxSeconds}, fractions allowed");

    public override string Text => (Value / 1000m).ToString("0.###", CultureInfo.InvariantCulture);

    /// <summary>Whole seconds, rounded up, for what is counted in seconds.</summary>
    public int WholeSeconds => (Value + 999) / 1000;

    protected override ValueProblem? Parse(string text)
    {
        if (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
            || !(seconds >= _minSeconds && seconds <= _maxSeconds))
        {
            return new ValueProblem("is not a duration in range", $"Give {Accepts}, without a unit.");
        }

        // Rounded up, so that a very short time never becomes 0, which is "off" for most of them.
        Value = (int)Math.Ceiling(Math.Round(seconds * 1000, 3));
        return null;
    }
}
