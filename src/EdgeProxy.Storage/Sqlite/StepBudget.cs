using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeProxy.Storage;

/// <summary>
/// Bounds what a file can make SQLite do: its progress handler counts virtual-machine instructions and looks at the
/// clock, and interrupts the statement when either bound is met. Lives in native memory, since SQLite keeps its
/// address.
/// </summary>
internal sealed unsafe class StepBudget : IDisposable
{
    // About 40 µs between two looks at the clock.
    private const int InstructionsPerCall = 4_096;

    private State* _state;

    public StepBudget()
    {
        _state = (State*)NativeMemory.AllocZeroed((nuint)sizeof(State));
    }

    /// <summary>True once the bound was met, until the next <see cref="Start"/>.</summary>
    public bool Spent => _state->Spent != 0;

    /// <summary>
    /// Watches every statement of <paramref name="db"/>; the connection must be closed before this is disposed.
    /// </summary>
    public void Watch(nint db) =>
        NativeSqlite.sqlite3_progress_handler(db, InstructionsPerCall, &OnProgress, _state);

    public void Start(long instructionsMax, int timeoutMs)
    {
        _state->CallsLeft = (instructionsMax / InstructionsPerCall) + 1;
        _state->Deadline = Stopwatch.GetTimestamp() + (timeoutMs * (Stopwatch.Frequency / 1_000));
        _state->Spent = 0;
    }

    public void Dispose()
    {
        NativeMemory.Free(_state);
        _state = null;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnProgress(void* argument)
    {
        State* state = (State*)argument;
        if (--state->CallsLeft > 0 && Stopwatch.GetTimestamp() < state->Deadline) { return 0; }
        state->Spent = 1;
        return 1;
    }

    private struct State
    {
        public long CallsLeft;
        public long Deadline;
        public int Spent;
    }
}
