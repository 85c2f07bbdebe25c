namespace EdgeProxy.Routing;

/// <summary>Reads a MaxMind DB file (specification 2.0) that is already in memory and flattens it to a <see cref="GeoTable"/>.</summary>
public static class MmdbReader
{
    /// <summary>Reads the whole file.</summary>
    /// <param name="file">All bytes of the file.</param>
    /// <param name="name">What messages call it: its path.</param>
    /// <exception cref="GeoFileException">The file is damaged or holds no countries.</exception>
    public static GeoTable Read(byte[] file, string name) =>
        throw new GeoFileException($"{name}: {file.Length} bytes: MMDB files cannot be read yet: unset the option");
}
