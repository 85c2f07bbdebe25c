using EdgeProxy.Linux;
using EdgeProxy.Telemetry;

namespace EdgeProxy.DataPlane;

/// <summary>Messages from other threads: few, allocated by the sender, taken once a turn.</summary>
internal sealed partial class Loop
{
    private const int MessagesPerTurn = 64;

    /// <summary>Accepts on an open listener from now on; the loop owns and closes it. Any thread.</summary>
    public void PostListener(Fd listener, int app) => Post(new LoopMessage(LoopMessageKind.AddListener, listener, app));

    /// <summary>Takes the connections that already wait on a listener, then closes it. Any thread.</summary>
    public void PostRemoveListener(Fd listener) => Post(new LoopMessage(LoopMessageKind.RemoveListener, listener));

    /// <summary>
    /// Leaves no accept armed that may bring more than one client, as long as places are few. Any thread.
    /// </summary>
    public void PostAcceptCarefully() => Post(new LoopMessage(LoopMessageKind.AcceptCarefully));

    /// <summary>Closes every connection. Any thread.</summary>
    public void PostCloseConnections(CloseReason reason) =>
        Post(new LoopMessage(LoopMessageKind.CloseConnections, Reason: reason));

    /// <summary>Ends <see cref="Run"/>. Any thread.</summary>
    public void PostStop() => Post(new LoopMessage(LoopMessageKind.Stop));

    private void Post(LoopMessage message)
    {
        _mailbox.Enqueue(message);
        _io.Wake();
    }

    private void TakeMessages()
    {
        for (int i = 0; i < MessagesPerTurn && _mailbox.TryDequeue(out LoopMessage message); i++)
        {
            switch (message.Kind)
            {
                case LoopMessageKind.AddListener: AddListener(message.Listener, message.App); break;
                case LoopMessageKind.RemoveListener: RemoveListener(message.Listener); break;
                case LoopMessageKind.AcceptCarefully: LeaveNoneArmed(); break;
                case LoopMessageKind.CloseConnections: CloseAll(message.Reason); break;
                case LoopMessageKind.Stop: _stopped = true; break;
                default: Routing.Invariant.Holds(false); break;
            }
        }
    }

    private void CloseAll(CloseReason reason)
    {
        for (int index = 0; index < _connections.Highest; index++)
        {
            ref Connection connection = ref _connections[index];
            if (connection.State is ConnectionState.Free or ConnectionState.Closing) { continue; }
            Close(ref connection, reason, EndedBy.Proxy, reset: true);
            FreeWhenIdle(ref connection);
        }
    }
}
