using System.Globalization;
using System.Text;
using EdgeProxy.ControlPlane;

namespace EdgeProxy;

/// <summary>
/// The pages of docs/reference that follow from the program itself; a test keeps files and program equal.
/// </summary>
internal static class ReferencePages
{
    private const string Generated = "<!-- Written by `make docs` from the program itself: edit there. -->\n\n";

    public static string[] Names { get; } = ["configuration", "cli", "exit-codes", "metrics"];

    /// <param name="name">One of <see cref="Names"/>.</param>
    public static string Write(string name) => name switch
    {
        "configuration" => Configuration(),
        "cli" => CommandLinePage(),
        "exit-codes" => ExitCodesPage(),
        _ => MetricsReference(),
    };

    private static string Configuration()
    {
        StringBuilder page = new(Generated);
        page.Append("""
            # Settings

            Every setting has one name in three spellings: `EDGEPROXY_IDLE_TIMEOUT_SECS` in the environment,
            `idle_timeout_secs` in a TOML file, `--idle-timeout-secs` as a flag. A flag outranks the environment, the
            environment outranks the file, the file outranks the default. `edgeproxy check` shows every value in force and
            where it came from.

            A setting that is unknown or malformed is an error that names it and its place; nothing is ignored silently.
            Switches take `1`, `true`, `yes`, `on` and their opposites. Durations are seconds and may have a fraction: `0.2`.
            A file holds top-level keys only:

            ```toml
            listen_addr = "[::]:8080"
            region = "eu"
            idle_timeout_secs = 900
            proxy_protocol = "optional"
            proxy_protocol_trusted = ["10.0.0.0/8", "2001:db8::/32"]
            ```

            """);
        foreach (OptionGroup group in new Options().Groups) { WriteGroup(page, group); }
        WriteLater(page);
        return page.ToString();
    }

    private static void WriteGroup(StringBuilder page, OptionGroup group)
    {
        page.Append("\n## ").Append(group.Title).Append("\n\n");
        if (group.About.Length > 0) { page.Append(group.About).Append("\n\n"); }
        page.Append("| variable, key, flag | default | takes | what it does |\n|---|---|---|---|\n");
        foreach (Setting setting in group.Settings)
        {
            page.Append($"| `{setting.Environment}`<br>`{setting.Key}`<br>`{setting.Flag}` | {Default(setting)} ")
                .Append($"| {setting.Accepts} | {setting.Summary} |\n");
        }
    }

    private static string Default(Setting setting) => (setting.DefaultText.Length, setting.DefaultMeans.Length) switch
    {
        (0, _) => setting.DefaultMeans,
        (_, 0) => $"`{setting.DefaultText}`",
        _ => $"`{setting.DefaultText}`: {setting.DefaultMeans}",
    };

    private static void WriteLater(StringBuilder page)
    {
        page.Append("""

            ## Known names this version does not serve yet

            Turning one of these on is an error at start. Its off value is accepted, and so are the feature's other
            variables while it is said to be off or as long as they keep their defaults.

            | feature | turned on by | its other variables |
            |---|---|---|

            """);
        foreach (LaterFeature feature in LaterFeature.All)
        {
            string others = string.Join(", ", Array.ConvertAll(
                feature.Defaults, static d => $"`{Setting.EnvironmentPrefix}{LaterFeature.VariableOf(d)}`"));
            page.Append($"| {feature.Name} | `{Setting.EnvironmentPrefix}{feature.Switch}` | {others} |\n");
        }
    }

    private static string CommandLinePage()
    {
        StringBuilder page = new(Generated);
        page.Append("""
            # Commands

            Every command takes `--help`. Colours appear on a terminal only, and never when `NO_COLOR` is set. A flag's
            value follows it after a blank or `=`; `--` ends the flags. [Exit codes](exit-codes.md),
            [settings](configuration.md).

            """);
        WriteCommand(page, new ParsedLine([Commands.Root]));
        return page.ToString();
    }

    private static void WriteCommand(StringBuilder page, ParsedLine line)
    {
        Command command = line.Command;
        if (command.Hidden) { return; }
        if (command.Run is not null)
        {
            page.Append($"\n## {line.Title}\n\n{command.Summary}");
            if (command.Details.Length > 0) { page.Append(' ').Append(command.Details); }
            page.Append($"\n\n    {HelpText.Usage(line)}\n");
            WriteRows(page, command);
            foreach (string example in command.Examples) { page.Append($"\n    {example}"); }
            if (command.Examples.Count > 0) { page.Append('\n'); }
        }

        foreach (Command child in command.Commands) { WriteCommand(page, new ParsedLine([.. line.Path, child])); }
    }

    private static void WriteRows(StringBuilder page, Command command)
    {
        if (command.Arguments.Count + command.Flags.Count > 0)
        {
            page.Append("\n| argument or flag | what it is |\n|---|---|\n");
            foreach (CommandArgument argument in command.Arguments) { page.Append($"| `{argument}` | {argument.Summary} |\n"); }
            foreach (CommandFlag flag in command.Flags) { page.Append($"| `{flag}` | {flag.Summary} |\n"); }
        }

        if (command.TakesSettings) { page.Append("\nTakes every [setting](configuration.md) as a flag.\n"); }
    }

    private static string MetricsReference()
    {
        StringBuilder page = new(Generated);
        page.Append("""
            # Metrics

            `GET /metrics` on `EDGEPROXY_METRICS_LISTEN_ADDR` answers in the Prometheus text format 0.0.4; `/health` says
            that the process runs and `/ready` whether it serves, with status 503 and the reasons when not. One request a
            connection, a head of at most 8,192 bytes, 5 seconds to send it and 10 to take the answer.

            The first 1,000 backends a process sees have series of their own; those of a larger table are summed by region
            under `backend="_other"`, so the page stays small. Regions and backends come from routing.db and are escaped as
            the format asks. A histogram also has the label `le` and ends in `_bucket`, `_sum` and `_count`.

            `edgeproxy_tunnel_up` is there while the [WireGuard backhaul](../operating/wireguard.md) is on, the rest of
            `edgeproxy_tunnel_` while it runs; of the kernel's device only keys, bytes and ages of handshakes are known. The first 1,000 peers of routing.db have series of their own; further ones,
            and those only `wg set` knows, are summed under `peer="_other"`.

            | name | type | labels | meaning |
            |---|---|---|---|

            """);
        foreach (MetricDescription metric in MetricCatalog.All)
        {
            string labels = string.Join(", ", metric.Labels.Select(static label => $"`{label}`"));
            page.Append($"| `{metric.Name}` | {metric.Type} | {labels} | {metric.Help} |\n");
        }

        return page.ToString();
    }

    private static string ExitCodesPage()
    {
        StringBuilder page = new(Generated);
        page.Append("# Exit codes\n\n| code | meaning |\n|---|---|\n");
        for (int code = 0; code < ExitCodes.Meanings.Length; code++)
        {
            page.Append(CultureInfo.InvariantCulture, $"| {code} | {ExitCodes.Meanings[code]} |\n");
        }

        return page.ToString();
    }
}
