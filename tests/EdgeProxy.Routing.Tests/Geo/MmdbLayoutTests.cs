namespace EdgeProxy.Routing.Tests;

/// <summary>Files of other makers and other shapes, written here and judged by MaxMind's own reader.</summary>
public sealed class MmdbLayoutTests
{
    private static readonly UInt128 s_v4 = 0;
    private static readonly UInt128 s_mapped = (UInt128)0xFFFF << 32;
    private static readonly UInt128 s_sixToFour = (UInt128)0x2002 << 112;
    private static readonly UInt128 s_teredo = (UInt128)0x2001_0000 << 96;

    public static TheoryData<string, string> Layouts => new()
    {
        { "BR", Convert.ToHexString(MmdbWriter.Map(("country", Iso("BR")), ("registered_country", Iso("US")))) },
        { "BR", Convert.ToHexString(MmdbWriter.Map(("country", MmdbWriter.Text("BR")))) },
        { "BR", Convert.ToHexString(MmdbWriter.Map(("country_code", MmdbWriter.Text("br")))) },
        { "BR", Convert.ToHexString(MmdbWriter.Map(
            ("country", MmdbWriter.Text("Brazil")), ("country_code", MmdbWriter.Text("BR")))) },
        { "US", Convert.ToHexString(MmdbWriter.Map(("registered_country", Iso("US")))) },
        { "US", Convert.ToHexString(MmdbWriter.Map(
            ("country", MmdbWriter.Map(("geoname_id", MmdbWriter.Number(6, 7)))), ("registered_country", Iso("US")))) },
        { "", Convert.ToHexString(MmdbWriter.Map(("country", Iso("XK")))) },
        { "", Convert.ToHexString(MmdbWriter.Map(("country", MmdbWriter.Number(6, 840)))) },
        { "", Convert.ToHexString(MmdbWriter.Text("BR")) },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Read_WhenRecordIsOfThisLayout_FindsItsCountry(string expected, string recordHex)
    {
        MmdbWriter writer = new(24, 128);
        writer.Add(0x2 << 28, 8, writer.AddData(MmdbWriter.Map(("country_code", MmdbWriter.Text("DE")))));
        writer.Add((UInt128)0x0808_0808, 128, writer.AddData(Convert.FromHexString(recordHex)));
        GeoTable table = MmdbReader.Read(writer.ToFile(), "test");
        Assert.Equal(expected, table.Find(IpAddress.FromV4(0x0808_0808)).ToString());
    }

    [Theory]
    [InlineData(24, 32)]
    [InlineData(28, 32)]
    [InlineData(32, 32)]
    [InlineData(24, 128)]
    [InlineData(28, 128)]
    [InlineData(32, 128)]
    public void Read_WhenBlocksAreRandom_AgreesWithTheReferenceReader(int recordSize, int addressBits)
    {
        Random random = new(recordSize + addressBits);
        for (int round = 0; round < 20; round++)
        {
            byte[] file = RandomFile(random, recordSize, addressBits);
            Assert.True(ReferenceReader.Compare(file, $"round {round}") > 0);
        }
    }

    [Fact]
    public void Read_WhenTreeRepeatsIPv4UnderItsAliases_KeepsOneCopy()
    {
        MmdbWriter plain = WriterWithBothFamilies(new Random(5));
        int ranges = MmdbReader.Read(plain.ToFile(), "plain").RangeCount;

        MmdbWriter aliased = WriterWithBothFamilies(new Random(5));
        aliased.Alias(s_mapped, 96, s_v4, 96);
        aliased.Alias(s_sixToFour, 16, s_v4, 96);
        aliased.Alias(s_teredo, 32, s_v4, 96);
        byte[] file = aliased.ToFile();
        Assert.InRange(MmdbReader.Read(file, "aliased").RangeCount, ranges - 4, ranges + 4);
        Assert.True(ReferenceReader.Compare(file, "aliased") > 1000);
    }

    [Fact]
    public void Read_WhenRecordsShareTheirParts_FollowsThePointers()
    {
        MmdbWriter writer = new(28, 128);
        long code = writer.AddData(MmdbWriter.Text("JP"));
        long key = writer.AddData(MmdbWriter.Text("iso_code"));
        long country = writer.AddData([0xE1, .. MmdbWriter.Pointer(key), .. MmdbWriter.Pointer(code)]);
        long record = writer.AddData([0xE1, .. MmdbWriter.Text("country"), .. MmdbWriter.Pointer(country)]);
        writer.Add((UInt128)0x2400 << 112, 16, record);
        Assert.Equal("JP", MmdbReader.Read(writer.ToFile(), "test").Find(new IpAddress(0x2400ul << 48, 1)).ToString());
    }

    [Fact]
    public void Read_WhenPointersLeadInACircle_Refuses()
    {
        MmdbWriter writer = new(24, 128);
        long circle = writer.AddData(MmdbWriter.Pointer(0));
        writer.Add((UInt128)0x2400 << 112, 16, circle);
        GeoFileException refusal = Assert.Throws<GeoFileException>(() => MmdbReader.Read(writer.ToFile(), "test"));
        Assert.Contains("a pointer leads to a pointer", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WhenSubtreesAreSharedWithoutEnd_Refuses()
    {
        // Both sides of each node lead to the next one: 2^60 paths through 60 nodes.
        MmdbWriter writer = new(24, 128);
        writer.Add((UInt128)1 << 68, 60, writer.AddData(MmdbWriter.Map(("country", MmdbWriter.Text("BR")))));
        byte[] file = writer.ToFile();
        for (int node = 16; node < 59; node++) { file.AsSpan(node * 6, 3).CopyTo(file.AsSpan((node * 6) + 3)); }
        GeoFileException refusal = Assert.Throws<GeoFileException>(() => MmdbReader.Read(file, "test"));
        Assert.Contains("more steps than an honest file's", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WhenEachRecordTakesLongToRead_Refuses()
    {
        // A chain of maps, each inside the one before, and a record for each of them: every record reads to the end.
        const int Links = 4_000;
        MmdbWriter writer = new(24, 128);
        byte[] link = [0xE1, .. MmdbWriter.Text("a")];
        writer.AddData([.. Enumerable.Repeat(link, Links).SelectMany(static bytes => bytes), .. MmdbWriter.Text("z")]);
        for (int i = 0; i < Links; i++)
        {
            writer.Add(((UInt128)0x2400 << 112) | ((UInt128)i << 96), 32, link.Length * i);
        }

        GeoFileException refusal = Assert.Throws<GeoFileException>(() => MmdbReader.Read(writer.ToFile(), "test"));
        Assert.Contains("more reading than an honest file's", refusal.Message, StringComparison.Ordinal);
    }

    private static byte[] Iso(string code) => MmdbWriter.Map(("geoname_id", MmdbWriter.Number(6, 1)), ("iso_code", MmdbWriter.Text(code)));

    private static MmdbWriter WriterWithBothFamilies(Random random)
    {
        MmdbWriter writer = new(28, 128);
        for (int i = 0; i < 500; i++)
        {
            writer.Add((uint)random.Next(1 << 24, 1 << 30), 128 - random.Next(9), RandomRecord(writer, random));
            writer.Add(((UInt128)random.Next(0x2400, 0x2C00) << 112) | ((UInt128)random.NextInt64() << 48), 48, RandomRecord(writer, random));
        }

        return writer;
    }

    private static byte[] RandomFile(Random random, int recordSize, int addressBits)
    {
        MmdbWriter writer = new(recordSize, addressBits);
        int blocks = random.Next(1, 200);
        for (int i = 0; i < blocks; i++)
        {
            UInt128 address = addressBits == 32
                ? (uint)random.NextInt64(1L << 32)
                : random.Next(2) == 0 ? (uint)random.NextInt64(1L << 32) : RandomV6(random);
            int bits = addressBits == 128 && address <= uint.MaxValue ? random.Next(100, 129) : random.Next(4, addressBits + 1);
            if (bits > 64 && address > uint.MaxValue) { bits = 64; }
            writer.Add(address, bits, RandomRecord(writer, random));
        }

        return writer.ToFile();
    }

    private static UInt128 RandomV6(Random random) =>
        ((UInt128)(0x2000_0000_0000_0000ul | (ulong)random.NextInt64(1L << 61)) << 64) | (ulong)random.NextInt64();

    private static long RandomRecord(MmdbWriter writer, Random random)
    {
        Country country = new((byte)random.Next(1, Country.Count));
        return writer.AddData(MmdbWriter.Map(("country", Iso(country.ToString()))));
    }
}
