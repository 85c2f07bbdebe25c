namespace EdgeProxy;

/// <summary>Writes --help from the table of commands and the settings.</summary>
internal static class HelpText
{
    private const int Width = 100;

    public static void Write(ParsedLine line, Terminal terminal)
    {
        Command command = line.Command;
        TextWriter output = terminal.Out;
        output.WriteLine(command.Summary);
        if (command.Details.Length > 0) { Wrap(output, command.Details, ""); }
        output.WriteLine();
        output.WriteLine($"{terminal.Strong("Usage:")} {Usage(line)}");
        WriteCommands(command, terminal);
        WriteRows(terminal, "Arguments:", command.Arguments.Select(static a => (a.ToString(), a.Summary)));
        WriteRows(terminal, "Flags:", Flags(command));
        if (command.TakesSettings)
        {
            output.WriteLine();
            output.WriteLine("Every setting is a flag as well: see edgeproxy help settings.");
        }

        if (command.Examples.Count == 0) { return; }
        output.WriteLine();
        output.WriteLine(terminal.Strong("Examples:"));
        foreach (string example in command.Examples) { output.WriteLine($"  {example}"); }
    }

    /// <summary>The settings with their flags, what they accept and their defaults.</summary>
    public static void WriteSettings(Options options, Terminal terminal)
    {
        TextWriter output = terminal.Out;
        output.WriteLine("A setting is a flag (--listen-addr), a variable (EDGEPROXY_LISTEN_ADDR) or a line of a TOML file");
        output.WriteLine("(listen_addr = \"...\"); flags outrank variables, variables the file.");
        foreach (OptionGroup group in options.Groups)
        {
            output.WriteLine();
            output.WriteLine(terminal.Strong(group.Title));
            foreach (Setting setting in group.Settings)
            {
                string preset = setting.DefaultMeans.Length > 0 ? setting.DefaultMeans : setting.DefaultText;
                output.WriteLine($"  {setting.Flag}  {terminal.Faint($"{setting.Accepts}; default: {preset}")}");
                Wrap(output, setting.Summary, "      ");
            }
        }
    }

    internal static string Usage(ParsedLine line)
    {
        Command command = line.Command;
        List<string> parts = [line.Title];
        if (command.Commands.Count > 0) { parts.Add("<command>"); }
        parts.AddRange(command.Arguments.Select(static a => a.ToString()));
        if (command.Flags.Count > 0 || command.TakesSettings) { parts.Add("[flags]"); }
        return string.Join(' ', parts);
    }

    internal static IEnumerable<(string Name, string Summary)> Flags(Command command)
    {
        foreach (CommandFlag flag in command.Flags)
        {
            yield return (flag.Value is null ? flag.Name : $"{flag.Name} <{flag.Value}>", flag.Summary);
        }

        yield return ("-h, --help", "Show this help.");
    }

    private static void WriteCommands(Command command, Terminal terminal) => WriteRows(
        terminal, "Commands:", command.Commands.Where(static c => !c.Hidden).Select(static c => (c.Name, c.Summary)));

    private static void WriteRows(Terminal terminal, string title, IEnumerable<(string Name, string Summary)> rows)
    {
        (string Name, string Summary)[] all = [.. rows];
        if (all.Length == 0) { return; }
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(terminal.Strong(title));
        int width = all.Max(static r => r.Name.Length);
        foreach ((string name, string summary) in all)
        {
            terminal.Out.WriteLine($"  {name.PadRight(width)}  {summary}");
        }
    }

    private static void Wrap(TextWriter output, string text, string indent)
    {
        string line = "";
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && indent.Length + line.Length + 1 + word.Length > Width)
            {
                output.WriteLine(indent + line);
                line = word;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }

        output.WriteLine(indent + line);
    }
}
