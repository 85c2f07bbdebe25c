using ConsoleAppFramework;

namespace EdgeProxy.Load;

/// <summary>Shows a <see cref="LoadException"/> as one line and ends with status 1.</summary>
internal sealed class ErrorFilter(ConsoleAppFilter next) : ConsoleAppFilter(next)
{
    public override async Task InvokeAsync(ConsoleAppContext context, CancellationToken cancellationToken)
    {
        try
        {
            await Next.InvokeAsync(context, cancellationToken);
        }
        catch (LoadException e)
        {
            await Console.Error.WriteLineAsync($"load: {e.Message}");
            Environment.ExitCode = 1;
        }
    }
}
