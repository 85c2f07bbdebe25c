using System.Runtime.InteropServices;

namespace EdgeProxy.Load;

/// <summary>
/// What one integrity connection is to do; the client sends it ahead of its upload, both sides then know every byte.
/// </summary>
/// <param name="Seed">Of both streams: the upload's is Seed, the download's its complement.</param>
/// <param name="UploadBytes">Bytes from the client, after this plan.</param>
/// <param name="DownloadBytes">Bytes from the backend, before its receipt.</param>
/// <param name="BackendFinishesFirst">
/// The backend sends its FIN when its bytes are out, whatever the upload does, and no receipt. Otherwise it waits for
/// the client's FIN and ends with 8 bytes: how many it received, all of them right.
/// </param>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal readonly record struct Plan(ulong Seed, long UploadBytes, long DownloadBytes, bool BackendFinishesFirst)
{
    public const int Bytes = 32;
    public const int ReceiptBytes = 8;

    public ulong DownloadSeed => ~Seed;

    /// <summary>A random plan: sizes spread evenly over their magnitudes, half of them finished by the backend first.</summary>
    public static Plan Random(Random random, long bytesMax) => new(
        (ulong)random.NextInt64(),
        Size(random, bytesMax),
        Size(random, bytesMax),
        random.Next(2) == 0);

    public void Write(Span<byte> target)
    {
        MemoryMarshal.Write(target, Seed);
        MemoryMarshal.Write(target[8..], UploadBytes);
        MemoryMarshal.Write(target[16..], DownloadBytes);
        MemoryMarshal.Write(target[24..], BackendFinishesFirst ? 1L : 0L);
    }

    public static Plan Read(ReadOnlySpan<byte> source) => new(
        MemoryMarshal.Read<ulong>(source),
        MemoryMarshal.Read<long>(source[8..]),
        MemoryMarshal.Read<long>(source[16..]),
        MemoryMarshal.Read<long>(source[24..]) != 0);

    private static long Size(Random random, long bytesMax) =>
        random.NextInt64(1L << random.Next(System.Numerics.BitOperations.Log2((ulong)bytesMax) + 1)) % bytesMax;
}
