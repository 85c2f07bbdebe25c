namespace EdgeProxy;

/// <summary>One thing looked at.</summary>
internal sealed class DoctorFinding(
    string name, DoctorVerdict verdict, string found, string should, string why, string cure)
{
    /// <summary>"net.core.somaxconn".</summary>
    public string Name { get; } = name;

    /// <summary>How much it matters.</summary>
    public DoctorVerdict Verdict { get; } = verdict;

    /// <summary>What was found.</summary>
    public string Is { get; } = found;

    /// <summary>What would be better; empty when all is well.</summary>
    public string Should { get; } = should;

    /// <summary>What it buys.</summary>
    public string Why { get; } = why;

    /// <summary>The command that puts it right; empty when all is well.</summary>
    public string Cure { get; } = cure;

    public static DoctorFinding Good(string name, string found, string why) =>
        new(name, DoctorVerdict.Good, found, "", why, "");
}
