using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace EdgeProxy.Routing;

/// <summary>A condition only a bug can break. Kept in release builds: a broken one stops the process at once.</summary>
public static class Invariant
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Holds(
        [DoesNotReturnIf(false)] bool condition,
        [CallerArgumentExpression(nameof(condition))] string? expression = null,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0)
    {
        if (!condition) { Stop(expression, file, line); }
    }

    [DoesNotReturn]
    private static void Stop(string? expression, string? file, int line) =>
        Environment.FailFast($"Invariant broken: {expression} at {Path.GetFileName(file)}:{line}. This is a bug in edgeproxy.");
}
