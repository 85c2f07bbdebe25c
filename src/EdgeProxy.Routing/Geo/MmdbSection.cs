using System.Buffers.Binary;

namespace EdgeProxy.Routing;

/// <summary>
/// Reads values in one part of a MaxMind DB file (the data section or the metadata). Nothing read is trusted: every
/// offset and size is checked against the part's bounds, a pointer may not lead to a pointer, and the values looked at
/// are counted against a budget, so that a crafted file can neither lead outside nor keep the reader busy for long.
/// </summary>
internal sealed class MmdbSection(MmdbFile file, int start, int end)
{
    // Reading each record once looks at fewer values than the file has bytes; shared maps are looked at again for each
    // record that points to them.
    private long _valuesLeft = (16L * file.Bytes.Length) + 1_000_000;

    /// <summary>Reads the value at an offset of the part, following a pointer.</summary>
    public MmdbValue Read(long offset)
    {
        if (offset < 0 || offset >= end - start)
        {
            throw file.Damaged(start, $"a record points to offset {offset} of a part {end - start} bytes long");
        }

        return Follow(ReadHead(start + (int)offset));
    }

    /// <summary>Finds the value of a key in a map, following pointers; false if it is not there.</summary>
    public bool TryFind(in MmdbValue map, ReadOnlySpan<byte> key, out MmdbValue value)
    {
        int at = map.Body;
        for (int pair = 0; pair < map.Size; pair++)
        {
            MmdbValue head = ReadHead(at);
            MmdbValue name = Follow(head);
            if (name.Type != MmdbType.Text) { throw file.Damaged(at, $"a map's key is of type {name.Type}, not text"); }
            at = head.End;
            if (Bytes(name).SequenceEqual(key))
            {
                value = Follow(ReadHead(at));
                return true;
            }

            at = Skip(at);
        }

        value = default;
        return false;
    }

    /// <summary>The bytes of a scalar.</summary>
    public ReadOnlySpan<byte> Bytes(in MmdbValue value) => file.Bytes.AsSpan(value.Body, value.Size);

    /// <summary>Reads an unsigned number of up to 64 bits; false if the value is something else.</summary>
    public bool TryNumber(in MmdbValue value, out ulong number)
    {
        number = 0;
        if (value.Type is not (MmdbType.UInt16 or MmdbType.UInt32 or MmdbType.UInt64)) { return false; }
        foreach (byte b in Bytes(value)) { number = (number << 8) | b; }
        return true;
    }

    /// <summary>The offset after a value and all it contains.</summary>
    private int Skip(int at)
    {
        // Containers add to the count of what is still to be skipped, so nesting needs no recursion and no depth limit.
        long pending = 1;
        while (pending-- > 0)
        {
            MmdbValue value = ReadHead(at);
            switch (value.Type)
            {
                case MmdbType.Map:
                    pending += 2L * value.Size;
                    at = value.Body;
                    break;
                case MmdbType.Array:
                    pending += value.Size;
                    at = value.Body;
                    break;
                default:
                    at = value.End;
                    break;
            }
        }

        return at;
    }

    private MmdbValue Follow(in MmdbValue value)
    {
        if (value.Type != MmdbType.Pointer) { return value; }
        MmdbValue target = ReadHead(value.Size);
        return target.Type == MmdbType.Pointer ? throw file.Damaged(value.Size, "a pointer leads to a pointer") : target;
    }

    private MmdbValue ReadHead(int at)
    {
        if (--_valuesLeft < 0) { throw file.Damaged(at, "its records take more reading than an honest file's"); }
        int control = file.Bytes[Inside(at, 1)];
        int type = control >> 5;
        if (type == (int)MmdbType.Pointer) { return ReadPointer(at, control); }
        int body = at + 1;
        if (type == 0)
        {
            type = 7 + file.Bytes[Inside(body, 1)];
            body++;
            if (type is < (int)MmdbType.Int32 or > (int)MmdbType.Float or 12 or 13)
            {
                throw file.Damaged(at, $"a value is of type {type}, which does not exist");
            }
        }

        int size = ReadSize(control & 0x1F, ref body);
        CheckSize(at, (MmdbType)type, size, body);
        return new MmdbValue((MmdbType)type, size, body);
    }

    private MmdbValue ReadPointer(int at, int control)
    {
        // Two bits of length, three of the value; each length starts where the shorter ones end.
        int bytes = ((control >> 3) & 3) + 1;
        ReadOnlySpan<byte> rest = file.Bytes.AsSpan(Inside(at + 1, bytes), bytes);
        long high = control & 7;
        long target = bytes switch
        {
            1 => (high << 8) | rest[0],
            2 => ((high << 16) | BinaryPrimitives.ReadUInt16BigEndian(rest)) + 2_048,
            3 => ((high << 24) | ((long)rest[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(rest[1..])) + 526_336,
            _ => BinaryPrimitives.ReadUInt32BigEndian(rest),
        };
        if (target >= end - start)
        {
            throw file.Damaged(at, $"a pointer leads to offset {target} of a part {end - start} bytes long");
        }

        return new MmdbValue(MmdbType.Pointer, start + (int)target, at + 1 + bytes);
    }

    private int ReadSize(int size, ref int body)
    {
        if (size < 29) { return size; }
        int bytes = size - 28;
        ReadOnlySpan<byte> rest = file.Bytes.AsSpan(Inside(body, bytes), bytes);
        body += bytes;
        return bytes switch
        {
            1 => 29 + rest[0],
            2 => 285 + BinaryPrimitives.ReadUInt16BigEndian(rest),
            _ => 65_821 + (rest[0] << 16) + BinaryPrimitives.ReadUInt16BigEndian(rest[1..]),
        };
    }

    private void CheckSize(int at, MmdbType type, int size, int body)
    {
        bool fits = type switch
        {
            MmdbType.Double => size == 8,
            MmdbType.Float => size == 4,
            MmdbType.Boolean => size <= 1,
            MmdbType.UInt16 => size <= 2,
            MmdbType.UInt32 or MmdbType.Int32 => size <= 4,
            MmdbType.UInt64 => size <= 8,
            MmdbType.UInt128 => size <= 16,
            _ => true,
        };
        if (!fits) { throw file.Damaged(at, $"a {type} is {size} bytes long"); }
        if (type is not (MmdbType.Map or MmdbType.Array or MmdbType.Boolean)) { Inside(body, size); }
    }

    /// <summary>The offset itself, once it is sure that so many bytes are there.</summary>
    private int Inside(int at, int bytes) => at >= start && bytes <= end - at
        ? at
        : throw file.Damaged(at, $"{bytes} bytes are wanted where the part ends at {end}");
}
