using System.Runtime.InteropServices;

namespace EdgeProxy.Crypto;

/// <summary>
/// A context or key of libcrypto and the function that wipes and frees it, also when its owner was forgotten.
/// </summary>
internal sealed unsafe class NativeContext : SafeHandle
{
    private readonly delegate*<nint, void> _free;

    /// <param name="pointer">What the library made; zero when it could not.</param>
    /// <param name="free">Its counterpart.</param>
    public NativeContext(nint pointer, delegate*<nint, void> free)
        : base(0, ownsHandle: true)
    {
        _free = free;
        if (pointer == 0) { throw CryptoLibrary.Failed("making a context"); }
        SetHandle(pointer);
    }

    /// <summary>The owner is used by one thread and keeps this alive across its calls (GC.KeepAlive).</summary>
    public nint Pointer => handle;

    public override bool IsInvalid => handle == 0;

    /// <summary>
    /// For an owner of several threads: until DangerousRelease it is not freed, whoever disposes of it.
    /// </summary>
    public bool TryHold()
    {
        bool held = false;
        try { DangerousAddRef(ref held); }
        catch (ObjectDisposedException) { return false; }
        return held;
    }

    protected override bool ReleaseHandle()
    {
        _free(handle);
        return true;
    }
}
