namespace EdgeProxy.Crypto;

/// <summary>The library is missing, lacks an algorithm or has no memory left: nothing a peer can bring about.</summary>
public sealed class CryptoException(string message) : Exception(message);
