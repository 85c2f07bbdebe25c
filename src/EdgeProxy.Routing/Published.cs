namespace EdgeProxy.Routing;

/// <summary>
/// The one way a new snapshot reaches the loops: a writer builds it whole and publishes it with one reference write,
/// readers take the reference once per decision and never lock.
/// </summary>
public sealed class Published<T>(T first)
    where T : class
{
    private T _current = first;

    public T Current => Volatile.Read(ref _current);

    public void Publish(T next) => Volatile.Write(ref _current, next);

    /// <summary>Publishes a better form of a snapshot, unless another has taken its place meanwhile.</summary>
    public bool TryReplace(T seen, T next) =>
        ReferenceEquals(Interlocked.CompareExchange(ref _current, next, seen), seen);
}
