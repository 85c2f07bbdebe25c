namespace EdgeProxy;

/// <summary><c>edgeproxy completion</c>: a script for the shell to source.</summary>
internal static class CompletionCommand
{
    public static Command Command { get; } = new("completion", "Print a completion script for a shell.")
    {
        Arguments = [new("shell", "The shell it is for.") { Words = ["bash", "zsh", "fish"] }],
        Examples =
        [
            "edgeproxy completion bash > /etc/bash_completion.d/edgeproxy",
            "edgeproxy completion zsh > ~/.zfunc/_edgeproxy",
            "edgeproxy completion fish > ~/.config/fish/completions/edgeproxy.fish",
        ],
        Run = static call =>
        {
            call.Out.Write(call.Arguments[0] switch
            {
                "bash" => CompletionScript.Bash(),
                "zsh" => CompletionScript.Zsh(),
                _ => CompletionScript.Fish(),
            });
            return ExitCode.Done;
        },
    };
}
