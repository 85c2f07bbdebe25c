namespace EdgeProxy.Crypto;

/// <summary>
/// Bytes that are never copied by the collector, stay out of core dumps, and are zeroed when they are given up:
/// OpenSSL's secure heap where the host has it.
/// </summary>
/// <remarks>
/// Threads that use a key hold it by <see cref="TryAcquire"/> and <see cref="Release"/>. Disposing forbids further
/// holds and wipes when the last one has been released: nobody ever seals under a key that was zeroed under its hands.
/// <code>
/// open ──Dispose, held──► closed ──last Release──► wiped
///   └────────────Dispose, not held───────────────────▲
/// </code>
/// </remarks>
public sealed class SecretMemory : IDisposable
{
    private const int Closed = 1;
    private const int OneHold = 2;

    private readonly SecretHandle _memory;
    private int _state; // Holds times two, plus one when closed.

    public SecretMemory(int length) => _memory = new SecretHandle(length);

    /// <summary>The secret itself: for the owner before it disposes, or under a hold.</summary>
    public Span<byte> Bytes => _memory.Bytes;

    /// <summary>Disposed; its bytes are gone, or will be with the last hold.</summary>
    public bool IsDisposed => (Volatile.Read(ref _state) & Closed) != 0;

    internal bool IsWiped => _memory.IsClosed;

    /// <returns>False when it was disposed: there is nothing to release then.</returns>
    public bool TryAcquire()
    {
        if ((Interlocked.Add(ref _state, OneHold) & Closed) == 0) { return true; }
        Release();
        return false;
    }

    /// <summary>One more hold for who has one already, which is given even after the end.</summary>
    public void AcquireAgain() => Interlocked.Add(ref _state, OneHold);

    public void Release()
    {
        if (Interlocked.Add(ref _state, -OneHold) == Closed) { _memory.Dispose(); }
    }

    /// <remarks>A late acquire that meets the last release may free a second time; the handle takes that as
    /// once.</remarks>
    public void Dispose()
    {
        if (Interlocked.Or(ref _state, Closed) == 0) { _memory.Dispose(); }
    }
}
