namespace EdgeProxy;

/// <summary>One thing looked at.</summary>
/// <param name="Name">"net.core.somaxconn".</param>
/// <param name="Verdict">How much it matters.</param>
/// <param name="Is">What was found.</param>
/// <param name="Should">What would be better; empty when all is well.</param>
/// <param name="Why">What it buys.</param>
/// <param name="Cure">The command that puts it right; empty when all is well.</param>
internal sealed record DoctorFinding(
    string Name, DoctorVerdict Verdict, string Is, string Should, string Why, string Cure)
{
    public static DoctorFinding Good(string name, string found, string why) =>
        new(name, DoctorVerdict.Good, found, "", why, "");
}
