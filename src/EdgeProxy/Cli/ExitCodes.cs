namespace EdgeProxy;

/// <summary>What each exit code means, for --help and the reference page.</summary>
internal static class ExitCodes
{
    public static IReadOnlyList<(ExitCode Code, string Meaning)> All { get; } =
    [
        (ExitCode.Done, "Done. For `run`: every connection ended, or the shutdown timeout closed it."),
        (ExitCode.Failed, "It could not be done: the message says what stood in the way."),
        (ExitCode.Usage, "The command line is wrong: an unknown command or flag, or an argument missing or too many."),
        (ExitCode.Settings, "A setting is unknown, malformed or asks for what this version does not serve."),
        (ExitCode.Problems, "`check` or `doctor` found something to put right."),
        (ExitCode.NotRunning, "No running proxy answers on the admin socket."),
    ];
}
