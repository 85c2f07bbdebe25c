using System.Runtime.InteropServices;

namespace EdgeProxy.Crypto;

/// <summary>
/// OpenSSL 3's libcrypto, as much of it as is used (https://docs.openssl.org/3.0/man3/). It is loaded at the first
/// call, so a process that has no tunnel never maps it.
/// </summary>
/// <remarks>
/// Calls of well under two microseconds suppress the GC transition, which would cost as much as a short one itself.
/// What computes for longer, or allocates and may thus wait for a lock, does not.
/// </remarks>
internal static unsafe partial class LibCrypto
{
    public const string Name = "libcrypto.so.3";

    public const int RTLD_LAZY = 1;

    public const int EVP_CTRL_AEAD_GET_TAG = 0x10;
    public const int EVP_CTRL_AEAD_SET_TAG = 0x11;
    public const int EVP_PKEY_X25519 = 1034;

    /// <summary>The C library's own: a handle, 0 when there is no such library (dlopen(3)).</summary>
    [LibraryImport("libc")]
    public static partial nint dlopen(byte* file, int flags);

    [LibraryImport(Name)]
    public static partial nint EVP_CIPHER_fetch(nint context, byte* algorithm, byte* properties);

    [LibraryImport(Name)]
    public static partial nint EVP_MD_fetch(nint context, byte* algorithm, byte* properties);

    [LibraryImport(Name)]
    public static partial nint EVP_MAC_fetch(nint context, byte* algorithm, byte* properties);

    [LibraryImport(Name)]
    public static partial nint EVP_CIPHER_CTX_new();

    [LibraryImport(Name)]
    public static partial void EVP_CIPHER_CTX_free(nint context);

    [LibraryImport(Name), SuppressGCTransition]
    public static partial int EVP_EncryptInit_ex(nint context, nint cipher, nint engine, byte* key, byte* nonce);

    [LibraryImport(Name), SuppressGCTransition]
    public static partial int EVP_DecryptInit_ex(nint context, nint cipher, nint engine, byte* key, byte* nonce);

    [LibraryImport(Name), SuppressGCTransition]
    public static partial int EVP_EncryptUpdate(nint context, byte* output, int* written, byte* input, int length);

    [LibraryImport(Name), SuppressGCTransition]
    public static partial int EVP_DecryptUpdate(nint context, byte* output, int* written, byte* input, int length);

    /// <summary>The same call for what is too long to keep the collector waiting.</summary>
    [LibraryImport(Name, EntryPoint = "EVP_EncryptUpdate")]
    public static partial int EVP_EncryptUpdate_Long(nint context, byte* output, int* written, byte* input, int length);

    /// <inheritdoc cref="EVP_EncryptUpdate_Long"/>
    [LibraryImport(Name, EntryPoint = "EVP_DecryptUpdate")]
    public static partial int EVP_DecryptUpdate_Long(nint context, byte* output, int* written, byte* input, int length);

    [LibraryImport(Name), SuppressGCTransition]
    public static partial int EVP_EncryptFinal_ex(nint context, byte* output, int* written);

    [LibraryImport(Name), SuppressGCTransition]
    public static partial int EVP_DecryptFinal_ex(nint context, byte* output, int* written);

    [LibraryImport(Name), SuppressGCTransition]
    public static partial int EVP_CIPHER_CTX_ctrl(nint context, int type, int argument, void* pointer);

    [LibraryImport(Name)]
    public static partial nint EVP_MD_CTX_new();

    [LibraryImport(Name)]
    public static partial void EVP_MD_CTX_free(nint context);

    [LibraryImport(Name)]
    public static partial int EVP_DigestInit_ex(nint context, nint digest, nint engine);

    [LibraryImport(Name)]
    public static partial int EVP_DigestUpdate(nint context, byte* data, nuint length);

    [LibraryImport(Name)]
    public static partial int EVP_DigestFinal_ex(nint context, byte* output, uint* length);

    [LibraryImport(Name)]
    public static partial nint EVP_MAC_CTX_new(nint mac);

    [LibraryImport(Name)]
    public static partial void EVP_MAC_CTX_free(nint context);

    [LibraryImport(Name)]
    public static partial int EVP_MAC_CTX_set_params(nint context, OsslParam* parameters);

    [LibraryImport(Name)]
    public static partial int EVP_MAC_init(nint context, byte* key, nuint length, OsslParam* parameters);

    [LibraryImport(Name)]
    public static partial int EVP_MAC_update(nint context, byte* data, nuint length);

    [LibraryImport(Name)]
    public static partial int EVP_MAC_final(nint context, byte* output, nuint* written, nuint capacity);

    [LibraryImport(Name)]
    public static partial nint EVP_PKEY_new_raw_private_key(int type, nint engine, byte* key, nuint length);

    [LibraryImport(Name)]
    public static partial nint EVP_PKEY_new_raw_public_key(int type, nint engine, byte* key, nuint length);

    [LibraryImport(Name)]
    public static partial int EVP_PKEY_get_raw_public_key(nint pkey, byte* output, nuint* length);

    [LibraryImport(Name)]
    public static partial void EVP_PKEY_free(nint pkey);

    [LibraryImport(Name)]
    public static partial nint EVP_PKEY_CTX_new(nint pkey, nint engine);

    [LibraryImport(Name)]
    public static partial void EVP_PKEY_CTX_free(nint context);

    [LibraryImport(Name)]
    public static partial int EVP_PKEY_derive_init(nint context);

    [LibraryImport(Name)]
    public static partial int EVP_PKEY_derive_set_peer(nint context, nint peer);

    [LibraryImport(Name)]
    public static partial int EVP_PKEY_derive(nint context, byte* output, nuint* length);

    [LibraryImport(Name)]
    public static partial int CRYPTO_secure_malloc_init(nuint size, nuint minimum);

    [LibraryImport(Name)]
    public static partial void* CRYPTO_secure_zalloc(nuint size, byte* file, int line);

    [LibraryImport(Name)]
    public static partial void* CRYPTO_zalloc(nuint size, byte* file, int line);

    [LibraryImport(Name)]
    public static partial void CRYPTO_secure_clear_free(void* pointer, nuint size, byte* file, int line);

    [LibraryImport(Name), SuppressGCTransition]
    public static partial void OPENSSL_cleanse(void* pointer, nuint size);

    [LibraryImport(Name), SuppressGCTransition]
    public static partial int CRYPTO_memcmp(void* left, void* right, nuint length);

    [LibraryImport(Name)]
    public static partial void ERR_clear_error();
}
