using System.Text.Json;

namespace EdgeProxy.Crypto.Tests;

public sealed class AeadTests : IDisposable
{
    private readonly Aead _aead = new();

    public void Dispose() => _aead.Dispose();

    [Fact]
    public void Aead_WhenGivenTheWycheproofVectors_AgreesWithEach()
    {
        int tried = 0;
        foreach ((JsonElement group, JsonElement test) in Vectors.Wycheproof("chacha20_poly1305_test.json"))
        {
            if (group.GetProperty("ivSize").GetInt32() != Aead.NonceBytes * 8) { continue; } // Refused, as below.
            string id = $"tcId {test.Text("tcId")}";
            bool valid = test.Text("result") == "valid";
            byte[] plain = test.Bytes("msg");
            byte[] sealedBytes = [.. test.Bytes("ct"), .. test.Bytes("tag")];
            byte[] buffer = [.. sealedBytes];
            Assert.True(valid == _aead.Open(test.Bytes("key"), test.Bytes("iv"), test.Bytes("aad"), buffer), id);
            Assert.True(!valid || buffer.AsSpan(0, plain.Length).SequenceEqual(plain), id);
            Assert.True(valid || buffer.All(static b => b == 0), $"{id}: what is refused is not shown");

            byte[] again = [.. plain, .. new byte[Aead.TagBytes]];
            _aead.Seal(test.Bytes("key"), test.Bytes("iv"), test.Bytes("aad"), again);
            Assert.True(valid == again.SequenceEqual(sealedBytes), id);
            tried++;
        }

        Assert.Equal(316, tried);
    }

    [Fact]
    public void Aead_WhenASizeIsWrong_Throws()
    {
        byte[] key = new byte[32];
        Assert.Throws<ArgumentOutOfRangeException>(() => _aead.Seal(key.AsSpan(1), new byte[12], [], new byte[16]));
        Assert.Throws<ArgumentOutOfRangeException>(() => _aead.Seal(key, new byte[8], [], new byte[16]));
        Assert.Throws<ArgumentOutOfRangeException>(() => _aead.Open(key, new byte[12], [], new byte[15]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1420)]
    [InlineData(2048)]
    [InlineData(2049)]
    [InlineData(65_535)]
    public void Aead_WhenAnyBitOfASealedBufferIsChanged_Refuses(int length)
    {
        byte[] key = Vectors.Counting(32);
        byte[] buffer = [.. Vectors.Counting(length), .. new byte[Aead.TagBytes]];
        _aead.Seal(key, 7, [1, 2, 3], buffer);
        foreach (int at in new[] { 0, length / 2, Math.Max(0, length - 1), length, length + 15 })
        {
            byte[] changed = [.. buffer];
            changed[at] ^= 0x10;
            Assert.False(_aead.Open(key, 7, [1, 2, 3], changed));
        }

        Assert.False(_aead.Open(key, 8, [1, 2, 3], [.. buffer]));
        Assert.False(_aead.Open(key, 7, [1, 2], [.. buffer]));
        Assert.True(_aead.Open(key, 7, [1, 2, 3], buffer));
        Assert.Equal(Vectors.Counting(length), buffer[..length]);
    }

    [Fact]
    public void Aead_WhenKeysAlternate_SealsEachPacketUnderItsOwn()
    {
        byte[][] keys = [Vectors.Counting(32), Vectors.Counting(32, 1)];
        int[] order = [0, 0, 1, 0, 1, 1, 0, 0];
        for (int i = 0; i < order.Length; i++)
        {
            using Aead fresh = new();
            byte[] buffer = [1, 2, 3, .. new byte[Aead.TagBytes]];
            byte[] expected = [.. buffer];
            _aead.Seal(keys[order[i]], (ulong)i, [], buffer);
            fresh.Seal(keys[order[i]], (ulong)i, [], expected);
            Assert.Equal(expected, buffer);
            Assert.False(_aead.Open(keys[1 - order[i]], (ulong)i, [], [.. buffer]));
            Assert.True(_aead.Open(keys[order[i]], (ulong)i, [], buffer));
        }
    }

    [Fact]
    public void Aead_WhenToldToForget_GoesOnWithTheNextKey()
    {
        byte[] buffer = new byte[48];
        _aead.Seal(Vectors.Counting(32), 1, [], buffer);
        _aead.Forget();
        Assert.True(_aead.Open(Vectors.Counting(32), 1, [], buffer));
    }
}
