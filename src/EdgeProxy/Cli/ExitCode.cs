namespace EdgeProxy;

/// <summary>What the process ends with; docs/reference/exit-codes.md is written from <see cref="ExitCodes"/>.</summary>
internal enum ExitCode
{
    Done = 0,
    Failed = 1,
    Usage = 2,
    Settings = 3,
    Problems = 4,
    NotRunning = 5,
}
