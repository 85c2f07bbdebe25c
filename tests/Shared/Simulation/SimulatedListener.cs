using EdgeProxy.Linux;

namespace EdgeProxy.Testing;

/// <summary>A listening socket and its accept queue.</summary>
internal sealed class SimulatedListener(SocketAddress address, int backlog)
{
    public SocketAddress Address { get; } = address;

    public Queue<SimulatedSocket> Pending { get; } = new();

    public bool IsFull => Pending.Count >= backlog;

    public PollEvents Events => Pending.Count > 0 ? PollEvents.Readable : PollEvents.None;

    public Action? Changed { get; set; }

    /// <summary>Connections nobody accepted are reset, as the kernel does.</summary>
    public void Close()
    {
        Changed = null;
        while (Pending.TryDequeue(out SimulatedSocket? socket)) { socket.CloseWithReset(); }
    }
}
