namespace EdgeProxy;

/// <summary>Any of a few words, separated by commas, together one set of flags; empty for none.</summary>
internal sealed class WordListSetting : TypedSetting<int>
{
    private readonly (string Word, int Bit)[] _choices;

    public WordListSetting(string name, string defaultText, (string Word, int Bit)[] choices, string summary)
        : base(name, defaultText, summary)
    {
        _choices = choices;
        TakeDefault();
    }

    public override string Accepts => $"any of {string.Join(", ", Words)}, separated by commas";

    public override IReadOnlyList<string> Words => Array.ConvertAll(_choices, static c => c.Word);

    public override string Text
    {
        get
        {
            List<string> words = [];
            foreach ((string word, int bit) in _choices)
            {
                if ((Value & bit) != 0) { words.Add(word); }
            }

            return string.Join(',', words);
        }
    }

    protected override ValueProblem? Parse(string text)
    {
        int bits = 0;
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int index = Array.FindIndex(_choices, c => c.Word.Equals(part, StringComparison.OrdinalIgnoreCase));
            if (index < 0)
            {
                return new ValueProblem($"holds '{part}', which is not one of the words it takes", $"Give {Accepts}.");
            }

            bits |= _choices[index].Bit;
        }

        Value = bits;
        return null;
    }
}
