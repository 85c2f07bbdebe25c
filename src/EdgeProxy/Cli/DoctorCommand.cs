using System.Text.Json;

namespace EdgeProxy;

/// <summary><c>edgeproxy doctor</c>: whether this host is set up for the load it is meant to carry.</summary>
internal static class DoctorCommand
{
    public static Command Command { get; } = new("doctor", "Look at this host: limits, kernel settings, what is available.")
    {
        Details = "Shows what is, what should be, and the command that puts it right. Changes nothing.",
        Flags =
        [
            CommandFlag.Json,
            new("--all", null, "Show what is well too."),
        ],
        TakesSettings = true,
        Examples = ["edgeproxy doctor", "edgeproxy doctor --json"],
        Run = Run,
    };

    private static ExitCode Run(Invocation call)
    {
        IReadOnlyList<DoctorFinding> findings = HostDoctor.Examine(new HostFiles(""), call.Options);
        if (call.Json) { call.Terminal.WriteJson(json => WriteJson(findings, json)); }
        else { WriteText(findings, call.Has("--all"), call.Terminal); }
        foreach (DoctorFinding finding in findings)
        {
            if (finding.Verdict == DoctorVerdict.Bad) { return ExitCode.Problems; }
        }

        return ExitCode.Done;
    }

    internal static void WriteText(IReadOnlyList<DoctorFinding> findings, bool all, Terminal terminal)
    {
        int good = 0;
        foreach (DoctorFinding finding in findings)
        {
            if (finding.Verdict == DoctorVerdict.Good) { good++; }
            if (finding.Verdict == DoctorVerdict.Good && !all) { continue; }
            terminal.Out.WriteLine($"{Mark(finding.Verdict, terminal)} {terminal.Strong(finding.Name)}: {finding.Is}");
            if (finding.Verdict == DoctorVerdict.Good) { continue; }
            terminal.Out.WriteLine($"         should be: {finding.Should} ({finding.Why})");
            terminal.Out.WriteLine($"         do: {finding.Cure}");
        }

        terminal.Out.WriteLine($"{good} of {findings.Count} are well. docs/operating/kernel.md says what each buys.");
    }

    private static void WriteJson(IReadOnlyList<DoctorFinding> findings, Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (DoctorFinding finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("name", finding.Name);
            json.WriteString("verdict", Word(finding.Verdict));
            json.WriteString("is", finding.Is);
            json.WriteString("should", finding.Should);
            json.WriteString("why", finding.Why);
            json.WriteString("cure", finding.Cure);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Word(DoctorVerdict verdict) => verdict switch
    {
        DoctorVerdict.Good => "good",
        DoctorVerdict.Advice => "advice",
        _ => "bad",
    };

    private static string Mark(DoctorVerdict verdict, Terminal terminal) => verdict switch
    {
        DoctorVerdict.Good => terminal.Good("good   "),
        DoctorVerdict.Advice => terminal.Warning("advice "),
        _ => terminal.Bad("bad    "),
    };
}
