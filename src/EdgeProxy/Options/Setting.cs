namespace EdgeProxy;

/// <summary>
/// One setting: its names, what it takes, what it does, and after loading its value and where that came from. All names
/// follow from one: LISTEN_ADDR is EDGEPROXY_LISTEN_ADDR in the environment, listen_addr in TOML and --listen-addr as a
/// flag.
/// </summary>
internal abstract class Setting(string name, string defaultText, string summary)
{
    public const string EnvironmentPrefix = "EDGEPROXY_";

    public string Name { get; } = name;

    /// <summary>What it does, in one or two sentences, for --help and the reference page.</summary>
    public string Summary { get; } = summary;

    public string DefaultText { get; } = defaultText;

    /// <summary>What an empty default stands for, where there is one.</summary>
    public string DefaultMeans { get; init; } = "";

    /// <summary>Name of the environment variable when it is not the prefix and the name.</summary>
    public string? EnvironmentName { get; init; }

    public string Environment => EnvironmentName ?? EnvironmentPrefix + Name;

    public string Key => Name.ToLowerInvariant();

    public string Flag => "--" + Key.Replace('_', '-');

    public SettingSource Source { get; private set; } = SettingSource.Default;

    /// <summary>What is accepted, in words: "seconds, 0 to 3600".</summary>
    public abstract string Accepts { get; }

    /// <summary>The value in force, as it could be written again.</summary>
    public abstract string Text { get; }

    /// <summary>A flag that may stand alone: --debug.</summary>
    public virtual bool IsSwitch => false;

    /// <summary>The words it takes, for shell completion; empty when it takes anything else.</summary>
    public virtual IReadOnlyList<string> Words => [];

    /// <summary>Takes a value from a source.</summary>
    /// <returns>null, or what is wrong with the value; the old value then stays.</returns>
    public ValueProblem? TrySet(string text, SettingSource source)
    {
        ValueProblem? problem = Parse(text.Trim());
        if (problem is null) { Source = source; }
        return problem;
    }

    protected abstract ValueProblem? Parse(string text);
}
