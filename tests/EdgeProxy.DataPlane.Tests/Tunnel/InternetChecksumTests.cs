namespace EdgeProxy.DataPlane.Tests;

public sealed class InternetChecksumTests
{
    private const int Seed = 1071;

    [Fact]
    public void Add_WhenBytesAreAny_IsTheWordByWordSum()
    {
        Random random = new(Seed);
        byte[] bytes = new byte[70_000];
        for (int length = 0; length < 400; length++)
        {
            random.NextBytes(bytes);
            CheckAll(bytes.AsSpan(random.Next(64), length), random);
        }

        for (int i = 0; i < 200; i++)
        {
            CheckAll(bytes.AsSpan(random.Next(64), random.Next(bytes.Length - 64)), random);
        }
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0xFF)]
    public void Add_WhenEveryBitIsAlike_Folds(byte value)
    {
        byte[] bytes = new byte[65_535];
        Array.Fill(bytes, value);
        for (int length = 65_000; length <= bytes.Length; length++)
        {
            ReadOnlySpan<byte> part = bytes.AsSpan(0, length);
            Assert.Equal(NaivePacket.Sum(part), InternetChecksum.Partial(InternetChecksum.Add(0, part)));
        }
    }

    [Fact]
    public void Add_WhenThereAreSeveralPieces_IsTheSumOfTheWhole()
    {
        Random random = new(Seed);
        byte[] bytes = new byte[301];
        random.NextBytes(bytes);
        for (int cut = 0; cut <= bytes.Length; cut += 2)
        {
            uint sum = InternetChecksum.Add(InternetChecksum.Add(0, bytes.AsSpan(0, cut)), bytes.AsSpan(cut));
            Assert.Equal((ushort)~NaivePacket.Sum(bytes), InternetChecksum.Finish(sum));
        }
    }

    [Fact]
    public void Update_WhenAWordChanges_IsTheChecksumOfTheNewBytes()
    {
        Random random = new(Seed);
        byte[] bytes = new byte[40];
        for (int i = 0; i < 10_000; i++)
        {
            random.NextBytes(bytes);
            var before = (ushort)((bytes[0] << 8) | bytes[1]);
            ushort checksum = (ushort)~NaivePacket.Sum(bytes);
            var after = (ushort)random.Next(1 << 16);
            (bytes[0], bytes[1]) = ((byte)(after >> 8), (byte)after);
            Assert.Equal((ushort)~NaivePacket.Sum(bytes), InternetChecksum.Update(checksum, before, after));
        }
    }

    [Fact]
    public void CopyAndAdd_WhenTheTargetIsTooShort_WritesNothingOutsideIt()
    {
        byte[] target = new byte[100];
        Assert.Throws<ArgumentOutOfRangeException>(() => InternetChecksum.CopyAndAdd(0, new byte[101], target));
    }

    private static void CheckAll(ReadOnlySpan<byte> bytes, Random random)
    {
        ushort naive = NaivePacket.Sum(bytes);
        Assert.Equal(naive, InternetChecksum.Partial(InternetChecksum.Add(0, bytes)));
        byte[] target = new byte[bytes.Length + 70];
        int at = random.Next(64);
        Assert.Equal(naive, InternetChecksum.Partial(InternetChecksum.CopyAndAdd(0, bytes, target.AsSpan(at))));
        Assert.Equal(bytes.ToArray(), target.AsSpan(at, bytes.Length).ToArray());
        Assert.All(target[(at + bytes.Length)..], static spare => Assert.Equal(0, spare));
    }
}
