using System.Text;

namespace EdgeProxy.Routing;

/// <summary>
/// What a MaxMind DB file says of itself (specification 2.0, "Database Metadata"), checked against its size.
/// </summary>
internal sealed class MmdbMetadata
{
    private const int SearchedBytes = 128 * 1024; // The format's bound on the mark and what follows it.
    private const int SeparatorBytes = 16; // Zeros between the tree and the data.
    private const int MajorVersion = 2;
    private const int TypeLengthMax = 64;
    private const long LastSecond = 253_402_300_799; // 9999-12-31T23:59:59Z

    private readonly MmdbFile _file;
    private readonly MmdbSection _section;
    private readonly MmdbValue _map;
    private readonly int _start;

    /// <exception cref="GeoFileException">The metadata is missing, wrong, or does not fit the file.</exception>
    public MmdbMetadata(MmdbFile file)
    {
        _file = file;
        _start = FindStart(file);
        _section = new MmdbSection(file, _start, file.Bytes.Length);
        _map = _section.Read(0);
        if (_map.Type != MmdbType.Map) { throw file.Damaged(_start, $"the metadata is of type {_map.Type}, not a map"); }

        ulong major = Number("binary_format_major_version"u8);
        if (major != MajorVersion)
        {
            throw file.Unusable($"format version {major} is not known here", $"Give a file of version {MajorVersion}.");
        }

        ulong recordSize = Number("record_size"u8);
        if (recordSize is not (24 or 28 or 32)) { throw Wrong("record_size", recordSize, "24, 28 or 32"); }
        ulong version = Number("ip_version"u8);
        if (version is not (4 or 6)) { throw Wrong("ip_version", version, "4 or 6"); }
        ulong built = Number("build_epoch"u8);
        if (built > LastSecond) { throw Wrong("build_epoch", built, "seconds since 1970"); }

        RecordSize = (int)recordSize;
        AddressBits = version == 4 ? 32 : 128;
        BuiltAt = DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeSeconds((long)built).UtcDateTime);
        DatabaseType = Printable(Text("database_type"u8));
        DataEnd = _start - Mark.Length;
        NodeCount = FittingNodes();
        DataStart = (NodeCount * (RecordSize / 4)) + SeparatorBytes;
    }

    /// <summary>Nodes of the search tree.</summary>
    public int NodeCount { get; }

    /// <summary>Bits of one of a node's two records: 24, 28 or 32.</summary>
    public int RecordSize { get; }

    /// <summary>Bits of the addresses the tree is walked by: 32 or 128.</summary>
    public int AddressBits { get; }

    /// <summary>The maker's name for this kind of file, such as GeoLite2-Country.</summary>
    public string DatabaseType { get; }

    public DateOnly BuiltAt { get; }

    /// <summary>Offset of the data section.</summary>
    public int DataStart { get; }

    /// <summary>Offset after the data section.</summary>
    public int DataEnd { get; }

    private static ReadOnlySpan<byte> Mark =>
    [
        0xAB, 0xCD, 0xEF, (byte)'M', (byte)'a', (byte)'x', (byte)'M', (byte)'i', (byte)'n', (byte)'d', (byte)'.',
        (byte)'c', (byte)'o', (byte)'m',
    ];

    private static int FindStart(MmdbFile file)
    {
        int searched = Math.Max(0, file.Bytes.Length - SearchedBytes);
        int mark = file.Bytes.AsSpan(searched).LastIndexOf(Mark);
        return mark >= 0
            ? searched + mark + Mark.Length
            : throw file.Unusable(
                "not a MaxMind DB file, or one cut short: the mark before its metadata is missing",
                "Give an .mmdb file, unpacked, and compare its size with the source's.");
    }

    private static string Printable(string text) =>
        string.Create(Math.Min(text.Length, TypeLengthMax), text, static (printable, all) =>
        {
            for (int i = 0; i < printable.Length; i++) { printable[i] = all[i] is >= ' ' and <= '~' ? all[i] : '?'; }
        });

    private int FittingNodes()
    {
        ulong nodes = Number("node_count"u8);
        ulong treeBytesMax = (ulong)Math.Max(0, DataEnd - SeparatorBytes);
        if (nodes == 0 || nodes > treeBytesMax / (ulong)(RecordSize / 4))
        {
            throw Wrong("node_count", nodes, $"a number whose tree fits the {DataEnd} bytes before the metadata");
        }

        int treeBytes = (int)nodes * (RecordSize / 4);
        if (_file.Bytes.AsSpan(treeBytes, SeparatorBytes).ContainsAnyExcept((byte)0))
        {
            throw _file.Damaged(
                treeBytes, $"the tree of {nodes} nodes should end here, followed by {SeparatorBytes} zeros");
        }

        return (int)nodes;
    }

    private ulong Number(ReadOnlySpan<byte> key) =>
        _section.TryFind(_map, key, out MmdbValue value) && _section.TryNumber(value, out ulong number)
            ? number
            : throw _file.Damaged(_start, $"the metadata has no number {Encoding.ASCII.GetString(key)}");

    private string Text(ReadOnlySpan<byte> key) =>
        _section.TryFind(_map, key, out MmdbValue value) && value.Type == MmdbType.Text
            ? Encoding.UTF8.GetString(_section.Bytes(value))
            : throw _file.Damaged(_start, $"the metadata has no text {Encoding.ASCII.GetString(key)}");

    private GeoFileException Wrong(string key, ulong value, string wanted) =>
        _file.Damaged(_start, $"the metadata says {key} is {value}; it must be {wanted}");
}
