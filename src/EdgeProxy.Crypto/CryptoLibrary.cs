using System.Runtime.InteropServices.Marshalling;

namespace EdgeProxy.Crypto;

/// <summary>Finds libcrypto and the algorithms in it, once, when the first of them is wanted.</summary>
public static unsafe class CryptoLibrary
{
    /// <summary>
    /// Keys of some ten thousand peers. The heap is address space until it is touched; beyond it keys lie in ordinary
    /// memory, still outside the collector's and still wiped.
    /// </summary>
    private const nuint SecureHeapBytes = 4 << 20;

    private const nuint SecureBlockBytesMin = 32;

    private static readonly Lazy<CryptoAlgorithms> s_algorithms = new(Load);

    internal static CryptoAlgorithms Algorithms
    {
        get
        {
            CryptoAlgorithms found = s_algorithms.Value;
            if (found.Problem is { } problem) { throw new InvalidOperationException(problem); }
            return found;
        }
    }

    /// <summary>Why nothing can be sealed on this host, and the cure; null when everything is there.</summary>
    public static string? FindProblem() => s_algorithms.Value.Problem;

    /// <summary>Nothing a peer can bring about.</summary>
    internal static InvalidOperationException Failed(string call)
    {
        LibCrypto.ERR_clear_error();
        return new InvalidOperationException($"{call} of {LibCrypto.Name} failed: no memory, or a damaged library.");
    }

    internal static CryptoAlgorithms Load(string library)
    {
        if (!IsThere(library))
        {
            return new CryptoAlgorithms
            {
                Problem = $"WireGuard needs OpenSSL 3 and {library} was not found: apt-get install libssl3 "
                    + "(Debian 12; libssl3t64 since Debian 13)",
            };
        }

        // Keys made from here on, OpenSSL's own too, are kept out of core dumps and, if the host lets us, of swap.
        // Asking twice does nothing, and a host that cannot give it leaves ordinary memory.
        _ = LibCrypto.CRYPTO_secure_malloc_init(SecureHeapBytes, SecureBlockBytesMin);
        CryptoAlgorithms found = new()
        {
            ChaCha20Poly1305 = Cipher("ChaCha20-Poly1305\0"u8),
            ChaCha20 = Cipher("ChaCha20\0"u8),
            Blake2s = Digest("BLAKE2S-256\0"u8),
            Blake2sMac = Mac("BLAKE2SMAC\0"u8),
            Hmac = Mac("HMAC\0"u8),
        };
        return found.AreAllThere ? found : new CryptoAlgorithms
        {
            Problem = $"{library} was loaded and lacks ChaCha20-Poly1305 or BLAKE2s, which WireGuard is made of: its "
                + "configuration (openssl.cnf) has to leave the default provider on; a FIPS-only OpenSSL cannot do it",
        };
    }

    private static CryptoAlgorithms Load() => Load(LibCrypto.Name);

    /// <summary>Loads it as the first call would, and keeps it.</summary>
    private static bool IsThere(string library)
    {
        byte* name = Utf8StringMarshaller.ConvertToUnmanaged(library);
        bool loaded = LibCrypto.dlopen(name, LibCrypto.RTLD_LAZY) != 0;
        Utf8StringMarshaller.Free(name);
        return loaded;
    }

    private static nint Cipher(ReadOnlySpan<byte> name)
    {
        fixed (byte* text = name) { return LibCrypto.EVP_CIPHER_fetch(0, text, null); }
    }

    private static nint Digest(ReadOnlySpan<byte> name)
    {
        fixed (byte* text = name) { return LibCrypto.EVP_MD_fetch(0, text, null); }
    }

    private static nint Mac(ReadOnlySpan<byte> name)
    {
        fixed (byte* text = name) { return LibCrypto.EVP_MAC_fetch(0, text, null); }
    }
}
