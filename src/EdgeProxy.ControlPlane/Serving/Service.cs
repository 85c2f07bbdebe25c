using EdgeProxy.Linux;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// One request, one answer, close: what the metrics page, the admin socket and the tunnel's socket have in common. The
/// serving thread does the waiting and keeps the bounds; a service only looks at bytes.
/// </summary>
internal abstract class Service(Fd listener, int connectionsMax, int requestBytesMax)
{
    public Fd Listener => listener;

    /// <summary>Connections served at a time; the longest-waiting gives way to a new one.</summary>
    public int ConnectionsMax => connectionsMax;

    public int RequestBytesMax => requestBytesMax;

    /// <summary>Requests or answers hold keys: their memory is wiped when they are done with.</summary>
    public virtual bool HoldsSecrets => false;

    /// <summary>Whether whoever is at the other end may ask at all.</summary>
    public abstract bool Admits(Fd peer);

    /// <summary>Answers as soon as <paramref name="request"/> is whole or cannot become so.</summary>
    /// <param name="peer">Whoever asks.</param>
    /// <param name="request">Bytes so far, at most <see cref="RequestBytesMax"/>.</param>
    /// <param name="full">No more will come: the bound is reached or the peer has finished.</param>
    /// <param name="answer">Empty; takes the whole answer.</param>
    /// <returns>False while more bytes are needed; never false when <paramref name="full"/>, unless there is nothing to
    /// say.</returns>
    public abstract bool TryAnswer(Fd peer, ReadOnlySpan<byte> request, bool full, PageBuffer answer);

    /// <summary>Closes the listener: nobody is answered any more.</summary>
    public virtual void Close() => SlowSocket.Close(listener);
}
