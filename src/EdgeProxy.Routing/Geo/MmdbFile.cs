namespace EdgeProxy.Routing;

/// <summary>The bytes of a MaxMind DB file and what messages call it.</summary>
internal sealed class MmdbFile(byte[] bytes, string name)
{
    public byte[] Bytes => bytes;

    public string Name => name;

    /// <summary>The message for a file that cannot be what its maker wrote.</summary>
    public GeoFileException Damaged(long offset, string what) =>
        new($"{name}: damaged at byte {offset} of {bytes.Length}: {what}. Fetch the file again and compare its size.");

    /// <summary>The message for a whole file that does not serve.</summary>
    public GeoFileException Unusable(string what, string cure) => new($"{name}: {what}. {cure}");
}
