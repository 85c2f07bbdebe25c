using System.Text;
using CsCheck;

namespace EdgeProxy.Routing.Tests;

public sealed class KeyTextTests
{
    private static readonly Gen<byte[]> s_keys = Gen.Byte.Array[PeerKey.Bytes];

    [Fact]
    public void Key_WhenWritten_IsSpelledAsTheFrameworkSpellsIt() => s_keys.Sample(static bytes =>
    {
        Span<byte> hex = stackalloc byte[2 * PeerKey.Bytes];
        Span<char> secret = stackalloc char[SecretKey.TextLength];
        new PeerKey(bytes).WriteHex(hex);
        new SecretKey(bytes).WriteBase64(secret);
        Assert.Equal(Convert.ToBase64String(bytes), new PeerKey(bytes).ToString());
        Assert.Equal(Convert.ToBase64String(bytes), new string(secret));
        Assert.Equal(Convert.ToHexStringLower(bytes), Encoding.ASCII.GetString(hex));
    });

    [Fact]
    public void Key_WhenReadBack_IsTheSame() => s_keys.Sample(static bytes =>
    {
        Assert.True(PeerKey.TryParse(Convert.ToBase64String(bytes), out PeerKey key));
        Assert.True(PeerKey.TryParseHex(Encoding.ASCII.GetBytes(Convert.ToHexString(bytes)), out PeerKey fromHex));
        Assert.Equal(new PeerKey(bytes), key);
        Assert.Equal(key, fromHex);
        Assert.True(SecretKey.Same(SecretKey.Parse(Convert.ToBase64String(bytes)), new SecretKey(bytes)));
    });

    /// <summary>Every text of 44 characters is a key exactly when it is what its bytes are written as.</summary>
    [Fact]
    public void Text_WhenChangedInOnePlace_IsAKeyOnlyAsTheOneSpellingOfIt()
    {
        Gen<(byte[] Key, int At, char Letter)> gen =
            Gen.Select(s_keys, Gen.Int[0, SecretKey.TextLength - 1], Gen.Char[' ', '~']);
        gen.Sample(static test =>
        {
            char[] text = Convert.ToBase64String(test.Key).ToCharArray();
            text[test.At] = test.Letter;
            bool taken = PeerKey.TryParse(text, out PeerKey key);
            if (taken) { Assert.Equal(new string(text), key.ToString()); }
            else { Assert.NotEqual(Convert.ToBase64String(test.Key), new string(text)); }
            if (char.IsAsciiLetterOrDigit(test.Letter) && test.At < SecretKey.TextLength - 2) { Assert.True(taken); }
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA A=")]
    public void Text_WhenItIsNoKey_IsRefused(string text)
    {
        Assert.False(PeerKey.TryParse(text, out _));
        Assert.Null(SecretKey.Parse(text));
    }

    [Fact]
    public void Secret_WhenShown_IsHidden()
    {
        SecretKey key = new(Enumerable.Repeat((byte)7, SecretKey.Bytes).ToArray());
        Assert.Equal("(hidden)", $"{key}");
        Assert.DoesNotContain("BwcHBwcH", new TunnelState { PrivateKey = key }.ToString(), StringComparison.Ordinal);
        key.Wipe();
        Assert.True(key.IsZero);
    }

    [Fact]
    public void PrivateKey_WhenMade_HasTheBitsOfX25519()
    {
        SecretKey key = SecretKey.Private(Enumerable.Repeat((byte)0xFF, SecretKey.Bytes).ToArray());
        Assert.Equal(0xF8, key.Span[0]);
        Assert.Equal(0x7F, key.Span[31]);
    }
}
