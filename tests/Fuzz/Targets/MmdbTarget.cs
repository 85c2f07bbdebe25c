using EdgeProxy.Routing;

namespace EdgeProxy.Fuzz;

/// <summary>
/// A file that calls itself a MaxMind DB: it is read or refused with a message that says where and what to do, in
/// bounded memory, and what was read answers every address.
/// </summary>
internal static class MmdbTarget
{
    /// <summary>Far above what a file of this corpus needs, far below what would hurt.</summary>
    private const long AllocatedBytesMax = 512L << 20;

    public static void Run(ReadOnlySpan<byte> input)
    {
        byte[] file = input.ToArray();
        long before = GC.GetAllocatedBytesForCurrentThread();
        GeoTable? table = Read(file);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Truth.Holds(allocated < AllocatedBytesMax, $"{file.Length} bytes cost less than {AllocatedBytesMax} ({allocated})");
        if (table is not null) { Check(table, file); }
    }

    private static GeoTable? Read(byte[] file)
    {
        try
        {
            return MmdbReader.Read(file, "fuzz.mmdb");
        }
        catch (GeoFileException refused)
        {
            bool isHelpful = refused.Message.StartsWith("fuzz.mmdb: ", StringComparison.Ordinal) && refused.Message.EndsWith('.');
            Truth.Holds(isHelpful, "a refusal names the file and ends in the cure");
            return null;
        }
    }

    /// <summary>Reading is a function of the bytes, and every address has an answer.</summary>
    private static void Check(GeoTable table, byte[] file)
    {
        GeoTable? again = Read(file);
        Truth.Holds(again is not null, "what was read once is read again");
        Random random = new(file.Length);
        for (int i = 0; i < 64; i++)
        {
            IpAddress address = (i & 1) == 0
                ? IpAddress.FromV4((uint)random.NextInt64(1L << 32))
                : IpAddress.FromBytes(Sixteen(random));
            Truth.Holds(table.Find(address) == again!.Find(address), "two readings agree");
        }
    }

    private static byte[] Sixteen(Random random)
    {
        byte[] bytes = new byte[16];
        random.NextBytes(bytes);
        return bytes;
    }
}
