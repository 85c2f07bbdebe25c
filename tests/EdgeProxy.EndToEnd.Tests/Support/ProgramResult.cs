namespace EdgeProxy.EndToEnd.Tests;

/// <summary>What a program that ran to its end said.</summary>
internal sealed record ProgramResult(int ExitCode, string Out, string Error)
{
    public string Everything => $"exit {ExitCode}\n{Out}\n{Error}";
}
