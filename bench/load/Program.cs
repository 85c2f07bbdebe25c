using ConsoleAppFramework;
using EdgeProxy.Load;

ConsoleApp.ConsoleAppBuilder app = ConsoleApp.Create();
app.ConfigureGlobalOptions((ref ConsoleApp.GlobalOptionsBuilder builder) =>
{
    int cpu = builder.AddGlobalOption("--cpu", "core to run on; -1 for any", -1);
    double seconds = builder.AddGlobalOption("--seconds", "how long at most; 0 for no limit of a server", 0.0);
    double warmUp = builder.AddGlobalOption("--warm-up", "client: seconds before measuring", 0.0);
    string congestion = builder.AddGlobalOption("--congestion", "congestion control; empty leaves the system's", "");
    string pids = builder.AddGlobalOption("--pids", "client: processes of the proxy to account for, as 12,34", "");
    int sources = builder.AddGlobalOption("--sources", "client: 127.0.1.x addresses to connect from; 0 for any", 0);
    return new CommonOptions(
        cpu,
        seconds,
        warmUp,
        congestion.Length > 0 ? congestion : null,
        [.. pids.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)],
        sources);
});
app.UseFilter<ErrorFilter>();
app.Add<BackendCommands>();
app.Add<ClientCommands>();
app.Add<AskCommand>();
app.Add<StartCommand>();
await app.RunAsync(args);
