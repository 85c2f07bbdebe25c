using System.Diagnostics;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>Waiting for what another process does: looked at often, for a bounded time, with words for a failure.</summary>
internal static class Patience
{
    /// <summary>Far beyond what anything here takes, also on a machine with other work.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private const int LookMs = 10;

    /// <summary>Returns as soon as <paramref name="holds"/>; fails with <paramref name="what"/> at the limit.</summary>
    public static void Until(Func<bool> holds, Func<string> what) => Within(Limit, holds, what);

    /// <summary>The same where the product promises a time.</summary>
    public static void Within(TimeSpan limit, Func<bool> holds, Func<string> what)
    {
        long started = Stopwatch.GetTimestamp();
        while (!holds())
        {
            if (Stopwatch.GetElapsedTime(started) > limit) { Assert.Fail($"not within {limit.TotalSeconds} s: {what()}"); }
            Pause(LookMs);
        }
    }

    public static void Until(Func<bool> holds, string what) => Until(holds, () => what);

    /// <summary>A window to measure something in, which is the one reason to let time pass.</summary>
    public static void Window(TimeSpan length) => Pause((int)length.TotalMilliseconds);

    private static void Pause(int ms)
    {
        using ManualResetEventSlim never = new();
        _ = never.Wait(ms);
    }
}
