using EdgeProxy.Storage;

namespace EdgeProxy;

/// <summary><c>edgeproxy db init</c>: makes a routing.db, or adds the tables a foreign one lacks.</summary>
internal static class DbCommand
{
    public static Command Command { get; } = new("db", "Look after the routing table's file.")
    {
        Commands =
        [
            new Command("init", "Make the routing table's file, or add the tables it lacks.")
            {
                Details = "Tables and columns that are there stay as they are, whoever made them. Running it again changes nothing.",
                Arguments = [new CommandArgument("file", "the file; without it, the one the settings name") { Optional = true }],
                TakesSettings = true,
                Examples = ["edgeproxy db init", "edgeproxy db init /var/lib/edgeproxy/routing.db"],
                Run = Init,
            },
        ],
    };

    private static ExitCode Init(Invocation call)
    {
        string path = call.Arguments.Count > 0 ? call.Arguments[0] : call.Options.DbPath.Value;
        InitResult made = RoutingDbSchema.Init(path);
        if (made.Problem is { } problem)
        {
            call.Terminal.Complain($"{problem.File} {problem.What}", problem.Cure);
            return ExitCode.Failed;
        }

        call.Out.WriteLine(made.TablesAdded.Count == 0
            ? $"{path} is up to date."
            : $"{path}: added {string.Join(", ", made.TablesAdded)}.");
        return ExitCode.Done;
    }
}
