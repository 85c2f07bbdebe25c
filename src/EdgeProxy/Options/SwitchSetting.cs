namespace EdgeProxy;

/// <summary>On or off, in any of the usual words.</summary>
internal sealed class SwitchSetting : TypedSetting<bool>
{
    private readonly bool _byPresence;

    /// <param name="byPresence">Any value of the variable turns it on, as DEBUG always did.</param>
    public SwitchSetting(string name, string defaultText, string summary, bool byPresence = false)
        : base(name, defaultText, summary)
    {
        _byPresence = byPresence;
        TakeDefault();
    }

    public override string Accepts => _byPresence ? "true or false; as a variable its presence is enough" : "true or false";

    public override string Text => Value ? "true" : "false";

    public override bool IsSwitch => true;

    public override IReadOnlyList<string> Words => ["true", "false"];

    /// <summary>The variable is there, whatever it says.</summary>
    public bool IsByPresence => _byPresence;

    /// <summary>1, true, yes, on and their opposites, in any case.</summary>
    public static bool TryParse(string text, out bool value)
    {
        value = Is(text, "1") || Is(text, "true") || Is(text, "yes") || Is(text, "on");
        return value || Is(text, "0") || Is(text, "false") || Is(text, "no") || Is(text, "off");
    }

    protected override ValueProblem? Parse(string text)
    {
        if (!TryParse(text, out bool value))
        {
            return new ValueProblem("is neither on nor off", "Write true or false (1/0, yes/no, on/off).");
        }

        Value = value;
        return null;
    }

    private static bool Is(string text, string word) => text.Equals(word, StringComparison.OrdinalIgnoreCase);
}
