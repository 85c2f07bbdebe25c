namespace EdgeProxy.Testing;

/// <summary>A simulated socket as a peer holds it.</summary>
internal sealed class SimulatedLink(SimulatedSocket socket) : PeerLink
{
    public SimulatedSocket Socket => socket;

    public override int State => socket.IsConnected ? 1 : socket.IsDead ? -(int)socket.TakeError() : 0;

    public override bool IsBroken => socket.IsDead;

    public override int Send(ReadOnlySpan<byte> bytes) => socket.Send(bytes);

    public override int Receive(Span<byte> into) => socket.Receive(into);

    public override void Finish() => socket.ShutdownSend();

    public override void Close() => socket.Close();

    public override void Reset() => socket.CloseWithReset();
}
