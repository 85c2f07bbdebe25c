namespace EdgeProxy;

/// <summary>Rows of a name and what it is, as --help aligns them.</summary>
internal sealed class HelpRows(string title)
{
    private readonly List<string> _names = [];
    private readonly List<string> _summaries = [];

    public void Add(string name, string summary)
    {
        _names.Add(name);
        _summaries.Add(summary);
    }

    /// <summary>Writes nothing when there are no rows.</summary>
    public void Write(Terminal terminal)
    {
        if (_names.Count == 0) { return; }
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(terminal.Strong(title));
        int width = 0;
        foreach (string name in _names) { width = Math.Max(width, name.Length); }
        for (int i = 0; i < _names.Count; i++)
        {
            terminal.Out.WriteLine($"  {_names[i].PadRight(width)}  {_summaries[i]}");
        }
    }
}
