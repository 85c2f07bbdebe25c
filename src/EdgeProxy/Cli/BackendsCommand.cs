using System.Globalization;
using EdgeProxy.Storage;

namespace EdgeProxy;

/// <summary>
/// <c>edgeproxy backends …</c>: single backends of the routing table; a running proxy follows at once.
/// </summary>
internal static class BackendsCommand
{
    private static readonly CommandArgument s_id = new("id", "the backend's id");

    private static readonly CommandFlag s_app = new("--app", "name", "The app it serves.");
    private static readonly CommandFlag s_region = new("--region", "name", "The region it is in.");
    private static readonly CommandFlag s_country = new("--country", "code", "The country it is in, two letters.");
    private static readonly CommandFlag s_address = new("--address", "ip", "Where it answers.");
    private static readonly CommandFlag s_port = new("--port", "number", "Its port.");
    private static readonly CommandFlag s_healthy = new("--healthy", "true|false", "The operator's word on its health.");
    private static readonly CommandFlag s_weight = new("--weight", "number", "Its share; 0 takes no new clients.");
    private static readonly CommandFlag s_soft = new("--soft-limit", "number", "Connections at which it counts as fully loaded.");
    private static readonly CommandFlag s_hard = new("--hard-limit", "number", "Connections it never exceeds; 0 for no limit.");

    private static readonly CommandFlag[] s_values =
        [s_app, s_region, s_country, s_address, s_port, s_healthy, s_weight, s_soft, s_hard];

    public static Command Command { get; } = new("backends", "List and change the backends in the routing table.")
    {
        Commands =
        [
            new Command("list", "List them.") { Flags = [CommandFlag.Json], TakesSettings = true, Run = List },
            Change("add", "Add one.", s_values, static (store, id, values) => store.Add(id, values)),
            Change("set", "Change values of one.", s_values, static (store, id, values) => store.Set(id, values)),
            Change("drain", "Send one no more new clients; those it has stay.", [], static (store, id, _) => store.Drain(id)),
            Change("ready", "Give a drained one its weight back.", [], static (store, id, _) => store.Ready(id)),
            Change("remove", "Remove one.", [], static (store, id, _) => store.Remove(id)),
        ],
        Examples =
        [
            "edgeproxy backends add br-1 --region sa --address 10.50.1.1 --port 5432",
            "edgeproxy backends drain br-1",
        ],
    };

    private static Command Change(
        string name, string summary, CommandFlag[] flags, Func<BackendStore, string, BackendValues, StoreResult<StoredBackend>> change) =>
        new(name, summary)
        {
            Arguments = [s_id],
            Flags = flags,
            TakesSettings = true,
            Run = call =>
            {
                if (Values(call) is not { } values) { return ExitCode.Usage; }
                StoreResult<StoredBackend> result = change(new BackendStore(call.Options.DbPath.Value), call.Arguments[0], values);
                if (result.Problem is { } problem) { return Complain(call, problem); }
                Print(call, result.Value!);
                return ExitCode.Done;
            },
        };

    private static ExitCode List(Invocation call)
    {
        StoreResult<IReadOnlyList<StoredBackend>> listed = new BackendStore(call.Options.DbPath.Value).List();
        if (listed.Problem is { } problem) { return Complain(call, problem); }
        if (!call.Json)
        {
            foreach (StoredBackend backend in listed.Value!) { Print(call, backend); }
            if (listed.Value.Count == 0) { call.Terminal.Error.WriteLine($"{call.Options.DbPath.Value} has no backends"); }
            return ExitCode.Done;
        }

        call.Terminal.WriteJson(json =>
        {
            json.WriteStartArray();
            foreach (StoredBackend backend in listed.Value!)
            {
                json.WriteStartObject();
                json.WriteString("id", backend.Id);
                json.WriteString("app", backend.App);
                json.WriteString("region", backend.Region);
                json.WriteString("country", backend.Country);
                json.WriteString("address", backend.Address);
                json.WriteNumber("port", backend.Port ?? 0);
                json.WriteBoolean("healthy", backend.Healthy ?? false);
                json.WriteNumber("weight", backend.Weight ?? 0);
                json.WriteNumber("soft_limit", backend.SoftLimit ?? 0);
                json.WriteNumber("hard_limit", backend.HardLimit ?? 0);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
        return ExitCode.Done;
    }

    private static void Print(Invocation call, StoredBackend backend) => call.Out.WriteLine(
        $"{backend.Id}  app={backend.App} region={backend.Region} country={backend.Country} "
        + $"address={backend.Address} port={backend.Port} healthy={Word(backend.Healthy)} weight={backend.Weight} "
        + $"soft={backend.SoftLimit} hard={backend.HardLimit}");

    private static string Word(bool? value) => value switch { true => "true", false => "false", null => "" };

    private static ExitCode Complain(Invocation call, StorageProblem problem)
    {
        call.Terminal.Complain($"{problem.File} {problem.What}", problem.Cure);
        return ExitCode.Failed;
    }

    private static BackendValues? Values(Invocation call)
    {
        bool good = true;
        int? Number(CommandFlag flag)
        {
            if (call.Value(flag.Name) is not { } text) { return null; }
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)) { return number; }
            call.Terminal.Complain($"{flag.Name}: '{text}' is no number", "Give a whole number of 0 or more.");
            good = false;
            return null;
        }

        bool? Switch(CommandFlag flag)
        {
            if (call.Value(flag.Name) is not { } text) { return null; }
            if (SwitchSetting.TryParse(text, out bool value)) { return value; }
            call.Terminal.Complain($"{flag.Name}: '{text}' is neither true nor false", "Write true or false (1/0, yes/no, on/off).");
            good = false;
            return null;
        }

        BackendValues values = new()
        {
            App = call.Value(s_app.Name),
            Region = call.Value(s_region.Name),
            Country = call.Value(s_country.Name),
            Address = call.Value(s_address.Name),
            Port = Number(s_port),
            Healthy = Switch(s_healthy),
            Weight = Number(s_weight),
            SoftLimit = Number(s_soft),
            HardLimit = Number(s_hard),
        };
        return good ? values : null;
    }
}
