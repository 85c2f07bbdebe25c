using EdgeProxy.Linux;

namespace EdgeProxy.Testing;

/// <summary>What one descriptor number stands for, and its operations.</summary>
internal sealed class SimulatedDescriptor(int number)
{
    public int Number => number;

    public SimulatedSocket? Socket { get; init; }

    public SimulatedListener? Listener { get; init; }

    public SimulatedPipe? Pipe { get; init; }

    public bool IsReadEnd { get; init; }

    public List<SimulatedOperation> Operations { get; } = [];

    /// <summary>Reached and not yet taken, in the order in which they happened.</summary>
    public Queue<Completion> Completions { get; } = new();

    /// <summary>An attempt at the operations is on its way.</summary>
    public bool AttemptComing { get; set; }

    public bool IsClosed { get; set; }
}
