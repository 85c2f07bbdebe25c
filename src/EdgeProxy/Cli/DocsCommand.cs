namespace EdgeProxy;

/// <summary><c>edgeproxy __docs page</c>: a generated page of docs/reference, as <c>make docs</c> writes it.</summary>
internal static class DocsCommand
{
    public static Command Command { get; } = new("__docs", "Print a page of docs/reference.")
    {
        Hidden = true,
        Arguments = [new("page", "Its name.") { Words = ReferencePages.Names }],
        Run = static call =>
        {
            call.Out.Write(ReferencePages.Write(call.Arguments[0]));
            return ExitCode.Done;
        },
    };
}
