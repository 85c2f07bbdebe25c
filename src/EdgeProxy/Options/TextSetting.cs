namespace EdgeProxy;

/// <summary>A path or a name, bounded in length and free of control characters.</summary>
internal sealed class TextSetting : TypedSetting<string>
{
    private const int LengthMax = 4096; // PATH_MAX (path_resolution(7)).
    private readonly string _kind;

    /// <param name="kind">What it is, in words: "path of a file".</param>
    public TextSetting(string name, string defaultText, string kind, string summary)
        : base(name, defaultText, summary)
    {
        _kind = kind;
        TakeDefault();
    }

    /// <summary>What the text must satisfy beyond that.</summary>
    public Func<string, ValueProblem?>? Check { get; init; }

    public override string Accepts => _kind;

    public override string Text => Value;

    protected override ValueProblem? Parse(string text)
    {
        if (text.Length > LengthMax) { return new ValueProblem($"is longer than {LengthMax} characters", $"Give a {_kind}."); }
        foreach (char c in text)
        {
            if (char.IsControl(c)) { return new ValueProblem("holds a control character", $"Give a {_kind}."); }
        }

        if (Check?.Invoke(text) is ValueProblem problem) { return problem; }
        Value = text;
        return null;
    }
}
