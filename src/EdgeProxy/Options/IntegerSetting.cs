using System.Globalization;

namespace EdgeProxy;

/// <summary>A whole number within bounds.</summary>
internal sealed class IntegerSetting : TypedSetting<int>
{
    private readonly int _min;
    private readonly int _max;
    private readonly string _unit;

    public IntegerSetting(string name, string defaultText, int min, int max, string unit, string summary)
        : base(name, defaultText, summary)
    {
        _min = min;
        _max = max;
        _unit = unit;
        TakeDefault();
    }

    public override string Accepts => string.Create(CultureInfo.InvariantCulture, $"{_unit}, {_min} to {_max}");

    public override string Text => Value.ToString(CultureInfo.InvariantCulture);

    protected override ValueProblem? Parse(string text)
    {
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            || value < _min || value > _max)
        {
            return new ValueProblem("is not a whole number in range", $"Give {Accepts}.");
        }

        Value = value;
        return null;
    }
}
