using System.Buffers.Binary;
using System.Text;

namespace EdgeProxy.Routing.Tests;

/// <summary>Writes small MaxMind DB files: any record size, 32 or 128 address bits, any record bytes.</summary>
internal sealed class MmdbWriter(int recordSize, int addressBits)
{
    private const int Empty = -1;
    private readonly List<(long Left, long Right)> _nodes = [(Empty, Empty)];
    private readonly List<byte> _data = [];
    private readonly Dictionary<string, long> _offsets = [];

    /// <summary>Appends a value to the data section; its offset.</summary>
    public long AddData(byte[] value)
    {
        string key = Convert.ToHexString(value);
        if (!_offsets.TryGetValue(key, out long offset))
        {
            offset = _data.Count;
            _data.AddRange(value);
            _offsets.Add(key, offset);
        }

        return offset;
    }

    /// <summary>Points a block of addresses at a record; later blocks must not cover earlier ones.</summary>
    public void Add(UInt128 address, int prefixLength, long dataOffset)
    {
        int node = 0;
        for (int depth = 0; depth < prefixLength - 1; depth++)
        {
            bool right = Bit(address, depth);
            long child = right ? _nodes[node].Right : _nodes[node].Left;
            if (child is Empty || child >= DataBase)
            {
                _nodes.Add((child, child)); // A larger block is split, or a new path begins.
                child = _nodes.Count - 1;
                Set(node, right, child);
            }

            node = (int)child;
        }

        Set(node, Bit(address, prefixLength - 1), DataBase + dataOffset);
    }

    /// <summary>Makes the place of one block lead where another block's place does.</summary>
    public void Alias(UInt128 address, int prefixLength, UInt128 target, int targetLength)
    {
        int node = 0;
        for (int depth = 0; depth < targetLength; depth++)
        {
            node = (int)(Bit(target, depth) ? _nodes[node].Right : _nodes[node].Left);
        }

        Add(address, prefixLength, 0);
        int at = 0;
        for (int depth = 0; depth < prefixLength - 1; depth++)
        {
            at = (int)(Bit(address, depth) ? _nodes[at].Right : _nodes[at].Left);
        }

        Set(at, Bit(address, prefixLength - 1), node);
    }

    public byte[] ToFile(string databaseType = "Test-Country", ulong builtAt = 1_700_000_000)
    {
        MemoryStream file = new();
        foreach ((long left, long right) in _nodes) { file.Write(Node(Record(left), Record(right))); }
        file.Write(new byte[16]);
        file.Write([.. _data]);
        file.Write([0xAB, 0xCD, 0xEF, .. "MaxMind.com"u8]);
        file.Write(Map(
            ("binary_format_major_version", Number(5, 2)), ("binary_format_minor_version", Number(5, 0)),
            ("build_epoch", Number(9, builtAt)), ("database_type", Text(databaseType)),
            ("description", Map()), ("ip_version", Number(5, addressBits == 32 ? 4u : 6u)), ("languages", [0x00, 0x04]),
            ("node_count", Number(6, (ulong)_nodes.Count)), ("record_size", Number(5, (ulong)recordSize))));
        return file.ToArray();
    }

    public static byte[] Text(string text) => [.. Head(2, Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    public static byte[] Map(params (string Key, byte[] Value)[] pairs) =>
        [.. Head(7, pairs.Length), .. pairs.SelectMany(static pair => (byte[])[.. Text(pair.Key), .. pair.Value])];

    public static byte[] Number(int type, ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        byte[] digits = [.. bytes.SkipWhile(static b => b == 0)];
        return [.. Head(type, digits.Length), .. digits];
    }

    /// <summary>A four-byte pointer to an offset of the data section.</summary>
    public static byte[] Pointer(long offset)
    {
        byte[] bytes = [0b001_11_000, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(1), (uint)offset);
        return bytes;
    }

    // Records of data are kept above this until the number of nodes is known.
    private const long DataBase = 1L << 40;

    private static byte[] Head(int type, int size)
    {
        byte[] sizeBytes = [];
        if (size >= 29)
        {
            Assert.InRange(size, 29, 284);
            sizeBytes = [(byte)(size - 29)];
            size = 29;
        }

        return type > 7 ? [(byte)size, (byte)(type - 7), .. sizeBytes] : [(byte)((type << 5) | size), .. sizeBytes];
    }

    private bool Bit(UInt128 address, int depth) => ((address >> (addressBits - 1 - depth)) & 1) == 1;

    private void Set(int node, bool right, long value) =>
        _nodes[node] = right ? (_nodes[node].Left, value) : (value, _nodes[node].Right);

    private uint Record(long value) => (uint)(value switch
    {
        Empty => _nodes.Count,
        >= DataBase => value - DataBase + _nodes.Count + 16,
        _ => value,
    });

    private byte[] Node(uint left, uint right)
    {
        byte[] node = new byte[recordSize / 4];
        switch (recordSize)
        {
            case 24:
                BinaryPrimitives.WriteUInt32BigEndian(node, left << 8);
                node[3] = (byte)(right >> 16);
                BinaryPrimitives.WriteUInt16BigEndian(node.AsSpan(4), (ushort)right);
                break;
            case 28:
                BinaryPrimitives.WriteUInt32BigEndian(node, left << 8);
                BinaryPrimitives.WriteUInt32BigEndian(node.AsSpan(3), right | (left >> 24 << 28));
                break;
            default:
                BinaryPrimitives.WriteUInt32BigEndian(node, left);
                BinaryPrimitives.WriteUInt32BigEndian(node.AsSpan(4), right);
                break;
        }

        return node;
    }
}
