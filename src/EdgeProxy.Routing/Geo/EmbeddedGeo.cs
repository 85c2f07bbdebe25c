namespace EdgeProxy.Routing;

/// <summary>
/// The country table inside the binary, used when no MMDB file is configured or the one that is cannot be used.
/// </summary>
public static class EmbeddedGeo
{
    /// <summary>What its <see cref="GeoTable.Source"/> says.</summary>
    public const string Name = "embedded";

    private const string Resource = "countries.geo";

    /// <summary>The day its data was made, without unpacking it.</summary>
    public static DateOnly BuiltAt { get; } = GeoBlob.ReadDay(Header());

    /// <summary>The table, packed: right at once, and to be unpacked when there is time.</summary>
    public static GeoTable Load()
    {
        using Stream stream = Open();
        byte[] blob = new byte[stream.Length];
        stream.ReadExactly(blob);
        return GeoBlob.Read(blob, Name);
    }

    private static byte[] Header()
    {
        using Stream stream = Open();
        byte[] header = new byte[GeoBlob.HeaderBytes];
        stream.ReadExactly(header);
        return header;
    }

    private static Stream Open() => typeof(EmbeddedGeo).Assembly.GetManifestResourceStream(Resource)
        ?? throw new InvalidOperationException($"the binary was built without its resource {Resource}");
}
