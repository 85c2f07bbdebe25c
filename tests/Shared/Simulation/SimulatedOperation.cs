using EdgeProxy.Linux;

namespace EdgeProxy.Testing;

/// <summary>One submitted operation and the completions it has reached that nobody has taken yet.</summary>
internal sealed class SimulatedOperation(OperationKind kind, ulong token)
{
    public OperationKind Kind => kind;

    public ulong Token => token;

    public Queue<Completion> Completions { get; } = new();

    /// <summary>Its last completion has been reached.</summary>
    public bool IsOver { get; private set; }

    /// <summary>A cancel has reached it.</summary>
    public bool IsCancelled { get; set; }

    /// <summary>Accept: stays armed.</summary>
    public bool Many { get; init; }

    /// <summary>Poll: what is asked for.</summary>
    public PollEvents Events { get; init; }

    /// <summary>Connect: the target, until it has been dialled.</summary>
    public SocketAddress? Target { get; set; }

    /// <summary>Send: the buffer, and the bytes as they were when submitted.</summary>
    public int Buffer { get; init; } = -1;

    public int Offset { get; init; }

    public byte[] Bytes { get; init; } = [];

    /// <summary>Send: how many have gone out.</summary>
    public int Sent { get; set; }

    public bool IsReading => Kind is OperationKind.Accept or OperationKind.Receive
        || (Kind == OperationKind.Poll && (Events & PollEvents.Readable) != 0);

    public void Complete(int result, int buffer = -1, bool more = false)
    {
        if (IsOver) { throw new InvalidOperationException("The simulation completed an operation twice."); }
        Completions.Enqueue(new Completion(token, result, buffer, more));
        IsOver = !more;
    }

    public void Fail(Errno error) => Complete(-(int)error);
}
