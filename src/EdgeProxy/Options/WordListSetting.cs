namespace EdgeProxy;

/// <summary>Any of a few words, separated by commas, together one set of flags; empty for none.</summary>
internal sealed class WordListSetting : TypedSetting<int>
{
    private readonly string[] _words;
    private readonly int[] _bits;

    public WordListSetting(string name, string defaultText, string[] words, int[] bits, string summary)
        : base(name, defaultText, summary)
    {
        _words = words;
        _bits = bits;
        TakeDefault();
    }

    public override string Accepts => $"any of {string.Join(", ", Words)}, separated by commas";

    public override IReadOnlyList<string> Words => _words;

    public override string Text
    {
        get
        {
            List<string> words = [];
            for (int i = 0; i < _words.Length; i++)
            {
                if ((Value & _bits[i]) != 0) { words.Add(_words[i]); }
            }

            return string.Join(',', words);
        }
    }

    protected override ValueProblem? Parse(string text)
    {
        int bits = 0;
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int index = Array.FindIndex(_words, word => word.Equals(part, StringComparison.OrdinalIgnoreCase));
            if (index < 0)
            {
                return new ValueProblem($"holds '{part}', which is not one of the words it takes", $"Give {Accepts}.");
            }

            bits |= _bits[index];
        }

        Value = bits;
        return null;
    }
}
