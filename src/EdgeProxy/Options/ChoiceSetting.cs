namespace EdgeProxy;

/// <summary>
/// One of a few words, each standing for the value in the same place. Two arrays: every type of tuple costs kilobytes.
/// </summary>
internal sealed class ChoiceSetting<T> : TypedSetting<T>
    where T : struct
{
    private readonly string[] _words;
    private readonly T[] _values;
    private string _word = "";

    public ChoiceSetting(string name, string defaultText, string[] words, T[] values, string summary)
        : base(name, defaultText, summary)
    {
        _words = words;
        _values = values;
        TakeDefault();
    }

    public override string Accepts => string.Join(" or ", Words);

    public override string Text => _word;

    public override IReadOnlyList<string> Words => _words;

    protected override ValueProblem? Parse(string text)
    {
        for (int i = 0; i < _words.Length; i++)
        {
            if (!_words[i].Equals(text, StringComparison.OrdinalIgnoreCase)) { continue; }
            _word = _words[i];
            Value = _values[i];
            return null;
        }

        string near = Suggestion.Nearest(text, Words) is string meant ? $"Did you mean {meant}? " : "";
        return new ValueProblem("is not one of the words it takes", $"{near}Give {Accepts}.");
    }
}
