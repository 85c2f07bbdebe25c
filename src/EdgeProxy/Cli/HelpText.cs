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
        WriteArguments(command, terminal);
        WriteFlags(command, terminal);
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
        foreach (CommandArgument argument in command.Arguments) { parts.Add(argument.ToString()); }
        if (command.Flags.Count > 0 || command.TakesSettings) { parts.Add("[flags]"); }
        return string.Join(' ', parts);
    }

    private static void WriteCommands(Command command, Terminal terminal)
    {
        HelpRows rows = new("Commands:");
        foreach (Command child in command.Commands)
        {
            if (!child.Hidden) { rows.Add(child.Name, child.Summary); }
        }

        rows.Write(terminal);
    }

    private static void WriteArguments(Command command, Terminal terminal)
    {
        HelpRows rows = new("Arguments:");
        foreach (CommandArgument argument in command.Arguments) { rows.Add(argument.ToString(), argument.Summary); }
        rows.Write(terminal);
    }

    private static void WriteFlags(Command command, Terminal terminal)
    {
        HelpRows rows = new("Flags:");
        foreach (CommandFlag flag in command.Flags) { rows.Add(flag.ToString(), flag.Summary); }
        rows.Add("-h, --help", "Show this help.");
        rows.Write(terminal);
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
