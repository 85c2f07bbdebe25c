namespace EdgeProxy;

/// <summary>What each exit code means, for --help and the reference page.</summary>
internal static class ExitCodes
{
    /// <summary>By code.</summary>
    public static string[] Meanings { get; } =
    [
        "Done. For `run`: every connection ended, or the shutdown timeout closed it.",
        "It could not be done: the message says what stood in the way.",
        "The command line is wrong: an unknown command or flag, or an argument missing or too many.",
        "A setting is unknown, malformed or asks for what this version does not serve.",
        "`check` or `doctor` found something to put right.",
        "No running proxy answers on the admin socket.",
    ];
}
