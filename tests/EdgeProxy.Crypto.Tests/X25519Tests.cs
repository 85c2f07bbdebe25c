using System.Text.Json;

namespace EdgeProxy.Crypto.Tests;

public sealed class X25519Tests
{
    [Fact]
    public void Agree_WhenGivenTheWycheproofVectors_AgreesWithEach()
    {
        int tried = 0;
        int refused = 0;
        foreach ((_, JsonElement test) in Vectors.Wycheproof("x25519_test.json"))
        {
            byte[] expected = test.Bytes("shared");
            using X25519PrivateKey key = new(test.Bytes("private"));
            byte[] shared = new byte[32];
            bool agreed = key.TryAgree(test.Bytes("public"), shared);

            // "Acceptable" are twists and the like, which RFC 7748 computes, and the zeros, which WireGuard refuses.
            bool isZero = expected.All(static b => b == 0);
            Assert.True(agreed == !isZero, $"tcId {test.Text("tcId")}");
            Assert.Equal(expected, shared);
            tried++;
            refused += isZero ? 1 : 0;
        }

        Assert.Equal(518, tried);
        Assert.InRange(refused, 1, tried / 2);
    }

    [Fact]
    public void Agree_WhenBothEndsDoIt_GivesBothTheSame()
    {
        using X25519PrivateKey alice = new(Vectors.Counting(32, 1));
        using X25519PrivateKey bob = new(Vectors.Counting(32, 100));
        byte[] one = new byte[32];
        byte[] other = new byte[32];
        Assert.True(alice.TryAgree(bob.PublicKey, one));
        Assert.True(bob.TryAgree(alice.PublicKey, other));
        Assert.Equal(one, other);
        Assert.NotEqual(alice.PublicKey.ToArray(), bob.PublicKey.ToArray());
    }

    [Fact]
    public void Agree_WhenTheKeyIsDisposed_Declines()
    {
        X25519PrivateKey key = new(Vectors.Counting(32));
        byte[] other = [.. key.PublicKey];
        key.Dispose();
        Assert.False(key.TryAgree(other, new byte[32]));
    }
}
