using System.Runtime.InteropServices;

namespace EdgeProxy.Crypto;

/// <summary>A block of OpenSSL's secure heap, or of its ordinary one when that is full; wiped when freed.</summary>
internal sealed unsafe class SecretHandle : SafeHandle
{
    private readonly nuint _length;

    public SecretHandle(int length)
        : base(0, ownsHandle: true)
    {
        _ = CryptoLibrary.Algorithms; // Sets up the secure heap.
        _length = (nuint)length;
        void* bytes = LibCrypto.CRYPTO_secure_zalloc(_length, null, 0);
        if (bytes == null) { bytes = LibCrypto.CRYPTO_zalloc(_length, null, 0); }
        if (bytes == null) { throw CryptoLibrary.Failed(nameof(LibCrypto.CRYPTO_zalloc)); }
        SetHandle((nint)bytes);
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>Empty once it is freed: a late look throws instead of finding what lies there now.</summary>
    public Span<byte> Bytes => IsClosed ? default : new Span<byte>((void*)handle, (int)_length);

    protected override bool ReleaseHandle()
    {
        LibCrypto.CRYPTO_secure_clear_free((void*)handle, _length, null, 0);
        return true;
    }
}
