namespace EdgeProxy.Crypto.Tests;

public sealed class Blake2sTests : IDisposable
{
    private readonly Blake2s _blake = new();

    public void Dispose() => _blake.Dispose();

    [Fact]
    public void Mac_WhenGivenTheKnownAnswers_AgreesWithEach()
    {
        using Blake2s whole = new(macBytes: 32);
        string[] lines = [.. File.ReadLines(Vectors.PathOf("blake2s-kat.txt")).Where(static line => line.Length > 0)];
        Assert.Equal(256 * 3, lines.Length);
        byte[] output = new byte[32];
        for (int i = 0; i < lines.Length; i += 3)
        {
            whole.Mac(Value(lines[i + 1], "key:"), Value(lines[i], "in:"), output);
            Assert.Equal(Value(lines[i + 2], "hash:"), output);
        }
    }

    [Fact]
    public void Hash_WhenGivenTheVectorOfRfc7693_Agrees()
    {
        byte[] output = new byte[32]; // Appendix B.
        _blake.Hash("a"u8, "bc"u8, output);
        Assert.Equal(Convert.FromHexString("508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982"), output);
    }

    [Fact]
    public void Hash_WhenTheOutputLiesOverTheInput_IsTheSame()
    {
        byte[] state = Vectors.Counting(32);
        byte[] apart = new byte[32];
        _blake.Hash(state, "more"u8, apart);
        _blake.Hash(state, "more"u8, state);
        Assert.Equal(apart, state);
    }

    // Below: what Python's hashlib and hmac say.
    [Fact]
    public void Mac_WhenShort_IsKeyedBlake2sOfSixteenBytes()
    {
        byte[] output = new byte[16];
        _blake.Mac(Vectors.Counting(32), Vectors.Counting(116), output);
        Assert.Equal("072e94ffbfc684bd8ab2a1b9dade2fd5", Convert.ToHexStringLower(output));
        _blake.Mac(Vectors.Counting(16), Vectors.Counting(132), output);
        Assert.Equal("b03d1196bdcfaad40f911db86b79ac7e", Convert.ToHexStringLower(output));
    }

    [Fact]
    public void Hmac_WhenSplit_IsTheHmacOfBothTogether()
    {
        byte[] output = new byte[32];
        _blake.Hmac(Vectors.Counting(32), Vectors.Counting(10), Vectors.Counting(22, 10), output);
        Assert.Equal(Convert.FromHexString("8d2cc42fc1055ea43277dfd5d35d3863b228f9cc0c02007dc2afb20907bd7312"), output);
    }

    [Fact]
    public void Derive_WhenAskedForThree_ChainsThem()
    {
        byte[] chaining = Vectors.Counting(32);
        byte[] second = new byte[32];
        byte[] third = new byte[32];
        _blake.Derive(chaining, Vectors.Counting(32, 100), chaining, second, third);
        Assert.Equal(
            Convert.FromHexString("e3b7e038799447459d13f6cc03b71555c0b32ee93354ebe4526ec98bc53b20a4"), chaining);
        Assert.Equal(Convert.FromHexString("ca06d8e46b509266c7c0594805ffb9c256348a33c642381348f047e452d239e2"), second);
        Assert.Equal(Convert.FromHexString("5ee952936bec1473c13db1cc92b8d8ba5ad2df7c77f07478731d48aa5530a000"), third);
    }

    private static byte[] Value(string line, string name)
    {
        Assert.StartsWith(name, line, StringComparison.Ordinal);
        return Convert.FromHexString(line[name.Length..].Trim());
    }
}
