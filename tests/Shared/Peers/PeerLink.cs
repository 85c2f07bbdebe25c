namespace EdgeProxy.Testing;

/// <summary>A peer's own end of a connection, simulated or real, never blocking. Results are bytes or a negated errno.</summary>
public abstract class PeerLink
{
    /// <summary>0 while connecting, positive once connected, a negated errno when it failed.</summary>
    public abstract int State { get; }

    /// <summary>The connection was reset; asked after the FIN, when receiving can show nothing else any more.</summary>
    public abstract bool IsBroken { get; }

    /// <returns>Bytes taken, -EAGAIN when there is no room, or what broke the connection.</returns>
    public abstract int Send(ReadOnlySpan<byte> bytes);

    /// <returns>Bytes received, 0 for the FIN, -EAGAIN when there is nothing, or what broke the connection.</returns>
    public abstract int Receive(Span<byte> into);

    /// <summary>Sends a FIN.</summary>
    public abstract void Finish();

    public abstract void Close();

    /// <summary>Closes with a RST.</summary>
    public abstract void Reset();
}
