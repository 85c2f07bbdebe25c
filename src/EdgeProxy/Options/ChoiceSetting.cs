namespace EdgeProxy;

/// <summary>One of a few words, each standing for a value.</summary>
internal sealed class ChoiceSetting<T> : TypedSetting<T>
    where T : struct
{
    private readonly (string Word, T Value)[] _choices;
    private string _word = "";

    public ChoiceSetting(string name, string defaultText, (string Word, T Value)[] choices, string summary)
        : base(name, defaultText, summary)
    {
        _choices = choices;
        TakeDefault();
    }

    public override string Accepts => string.Join(" or ", Words);

    public override string Text => _word;

    public override IReadOnlyList<string> Words => Array.ConvertAll(_choices, static c => c.Word);

    protected override ValueProblem? Parse(string text)
    {
        foreach ((string word, T value) in _choices)
        {
            if (!word.Equals(text, StringComparison.OrdinalIgnoreCase)) { continue; }
            _word = word;
            Value = value;
            return null;
        }

        string near = Suggestion.Nearest(text, Words) is string meant ? $"Did you mean {meant}? " : "";
        return new ValueProblem("is not one of the words it takes", $"{near}Give {Accepts}.");
    }
}
