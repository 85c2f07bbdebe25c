using System.Buffers.Binary;
using EdgeProxy.Routing;

namespace EdgeProxy.Fuzz;

/// <summary>
/// A packed country table with a right checksum, as one that was damaged before it was sealed: refused with a message
/// that says what to do, when it is taken in or when it is unpacked, in bounded memory; and what can be unpacked had
/// the same answers before.
/// </summary>
internal static class GeoBlobTarget
{
    /// <summary>What the most ranges a header may name take, twice over.</summary>
    private const long AllocatedBytesMax = 128L << 20;

    private const int Questions = 64;

    public static void Run(ReadOnlySpan<byte> input)
    {
        byte[] blob = input.ToArray();
        if (blob.Length >= GeoBlob.HeaderBytes)
        {
            uint checksum = GeoBlob.Checksum(blob.AsSpan(GeoBlob.DayOffset));
            BinaryPrimitives.WriteUInt32LittleEndian(blob.AsSpan(GeoBlob.ChecksumOffset), checksum);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            GeoTable packed = GeoBlob.Read(blob, "fuzz.geo");
            // Before it is known to be good: a start does not wait for that.
        Country[] answers = Ask(packed, blob.Length);
            Truth.Holds(answers.SequenceEqual(Ask(packed.Unpack(), blob.Length)), "packed and unpacked answer alike");
        }
        catch (GeoFileException refused)
        {
            bool isHelpful = refused.Message.StartsWith("fuzz.geo: ", StringComparison.Ordinal)
                && refused.Message.EndsWith('.');
            Truth.Holds(isHelpful, "a refusal names the table and ends in the cure");
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Truth.Holds(allocated < AllocatedBytesMax, $"{blob.Length} bytes cost {allocated}, below {AllocatedBytesMax}");
    }

    private static Country[] Ask(GeoTable table, int seed)
    {
        Random random = new(seed);
        Country[] answers = new Country[2 * Questions];
        for (int i = 0; i < Questions; i++)
        {
            answers[2 * i] = table.Find(IpAddress.FromV4((uint)random.NextInt64(1L << 32)));
            ulong high = GeoTable.V6First + ((ulong)random.NextInt64() >> 2);
            answers[(2 * i) + 1] = table.Find(new IpAddress(high, 0));
        }

        return answers;
    }
}
