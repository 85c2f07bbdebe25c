using System.Text;

namespace EdgeProxy.Crypto.Tests;

/// <summary>The vectors of draft-irtf-cfrg-xchacha-03.</summary>
public sealed class XAeadTests : IDisposable
{
    private readonly XAead _aead = new();

    public void Dispose() => _aead.Dispose();

    [Fact]
    public void HChaCha20_WhenGivenTheVectorOfTheDraft_Agrees()
    {
        byte[] output = new byte[32]; // §2.2.1
        _aead.HChaCha20(Vectors.Counting(32), Convert.FromHexString("000000090000004a0000000031415927"), output);
        Assert.Equal(Convert.FromHexString("82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc"), output);
    }

    [Fact]
    public void XAead_WhenGivenTheVectorOfTheDraft_SealsAndOpensIt()
    {
        byte[] plain = Encoding.ASCII.GetBytes( // §A.3.1
            "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
            + "sunscreen would be it.");
        byte[] key = Vectors.Counting(32, 0x80);
        byte[] nonce = Vectors.Counting(24, 0x40);
        byte[] associated = Convert.FromHexString("50515253c0c1c2c3c4c5c6c7");
        byte[] buffer = [.. plain, .. new byte[Aead.TagBytes]];
        _aead.Seal(key, nonce, associated, buffer);
        Assert.Equal(
            "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39"
            + "ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
            + "21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49",
            Convert.ToHexStringLower(buffer));
        Assert.True(_aead.Open(key, nonce, associated, buffer));
        Assert.Equal(plain, buffer[..plain.Length]);
    }

    [Fact]
    public void XAead_WhenAnythingDiffers_Refuses()
    {
        byte[] key = Vectors.Counting(32);
        byte[] buffer = new byte[32];
        _aead.Seal(key, new byte[24], [], buffer);
        for (int i = 0; i < 24; i++)
        {
            byte[] other = new byte[24];
            other[i] = 1;
            Assert.False(_aead.Open(key, other, [], [.. buffer]));
        }

        Assert.True(_aead.Open(key, new byte[24], [], buffer));
    }
}
