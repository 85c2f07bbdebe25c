using EdgeProxy.Crypto;

namespace EdgeProxy.WireGuard.Tests;

/// <summary>What anybody can do who knows a public key.</summary>
internal static class Forging
{
    /// <summary>Gives a handshake message the mac1 its receiver wants.</summary>
    public static void FixMac1(byte[] message, in PublicKey receiver)
    {
        using Blake2s blake = new();
        byte[] publicKey = new byte[PublicKey.Bytes];
        receiver.CopyTo(publicKey);
        byte[] key = new byte[32];
        blake.Hash("mac1----"u8, publicKey, key);
        int at = message.Length - 32;
        blake.Mac(key, message.AsSpan(0, at), message.AsSpan(at, 16));
    }

    /// <summary>Initiations of nobody that look right until the expensive part.</summary>
    public static byte[] Initiation(Random random, in PublicKey receiver)
    {
        byte[] message = new byte[148];
        random.NextBytes(message);
        (message[0], message[1], message[2], message[3]) = (1, 0, 0, 0);
        message.AsSpan(132).Clear();
        FixMac1(message, receiver);
        return message;
    }
}
