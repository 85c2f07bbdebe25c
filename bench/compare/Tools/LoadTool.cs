using System.Text.Json;

namespace EdgeProxy.Compare;

/// <summary>Runs `load` and reads its report as flat numbers: "latency_us.p50", "proxy.cpu_us_per_unit" and so on.</summary>
internal sealed class LoadTool(string path, string cores)
{
    public CommandLine Backend(string kind, string address) => new(path, kind, "--listen", address);

    /// <exception cref="CompareException">Connections were lost: such a run measures nothing.</exception>
    public Task<Dictionary<string, double>> RunAsync(params IReadOnlyList<string> arguments) =>
        RunAsync(new CommandLine(path, arguments));

    /// <summary>Times starts; the proxy's environment passes through `load` to it.</summary>
    public Task<Dictionary<string, double>> TimeStartAsync(string target, CommandLine proxy, string proxyCore) =>
        RunAsync(new CommandLine(
            path,
            ["start", target, "--command", proxy.ToString(), "--proxy-cpu", proxyCore, "--cpu", cores, "--times", "5"],
            proxy.Environment), onOwnCore: false);

    private async Task<Dictionary<string, double>> RunAsync(CommandLine command, bool onOwnCore = true)
    {
        string report = await Shell.RunAsync(onOwnCore ? command.On(cores) : command);
        using JsonDocument document = JsonDocument.Parse(report);
        Dictionary<string, double> values = new(StringComparer.Ordinal);
        Flatten("", document.RootElement, values);
        return values;
    }

    private static void Flatten(string prefix, JsonElement element, Dictionary<string, double> values)
    {
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Object)
            {
                Flatten($"{prefix}{property.Name}.", property.Value, values);
            }
            else if (property.Value.ValueKind == JsonValueKind.Number)
            {
                values[prefix + property.Name] = property.Value.GetDouble();
            }
        }
    }
}
