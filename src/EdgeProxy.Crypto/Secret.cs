namespace EdgeProxy.Crypto;

/// <summary>What is done with secrets wherever they lie.</summary>
public static unsafe class Secret
{
    /// <summary>Overwrites with zeros; the compiler cannot tell that nobody reads them again.</summary>
    public static void Wipe(Span<byte> secret)
    {
        fixed (byte* bytes = secret) { LibCrypto.OPENSSL_cleanse(bytes, (nuint)secret.Length); }
    }

    /// <summary>Compares in a time that tells nothing about where the two differ.</summary>
    public static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length) { return false; }
        fixed (byte* one = left)
        fixed (byte* other = right)
        {
            return LibCrypto.CRYPTO_memcmp(one, other, (nuint)left.Length) == 0;
        }
    }
}
