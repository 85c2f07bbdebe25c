using System.Buffers.Binary;
using System.Text;

namespace EdgeProxy.Linux;

/// <summary>
/// A netlink request as it is put together (netlink(7)): the header, a family's fixed structure, then attributes, each
/// aligned to 4. Called in that order, and <see cref="Complete"/> last; nests are closed in reverse.
/// </summary>
internal sealed class NetlinkMessage
{
    internal const int HeaderBytes = 16;
    internal const int AttributeBytes = 4;

    private byte[] _bytes = new byte[256];

    internal NetlinkMessage(ushort type, ushort flags)
    {
        Span<byte> header = Extend(HeaderBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], type);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], flags);
    }

    internal int Length { get; private set; }

    /// <summary>Room for a structure, zeroed.</summary>
    internal Span<byte> Extend(int bytes)
    {
        int aligned = (bytes + 3) & ~3;
        int needed = Length + aligned;
        if (needed > _bytes.Length) { Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, needed)); }
        Span<byte> room = _bytes.AsSpan(Length, bytes);
        Length += aligned;
        return room;
    }

    internal NetlinkMessage Add(ushort type, ReadOnlySpan<byte> value)
    {
        value.CopyTo(Attribute(type, value.Length));
        return this;
    }

    internal NetlinkMessage Add(ushort type, byte value)
    {
        Attribute(type, sizeof(byte))[0] = value;
        return this;
    }

    internal NetlinkMessage Add(ushort type, ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(Attribute(type, sizeof(ushort)), value);
        return this;
    }

    internal NetlinkMessage Add(ushort type, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Attribute(type, sizeof(uint)), value);
        return this;
    }

    /// <summary>Text with a closing zero, or without one.</summary>
    internal NetlinkMessage Add(ushort type, string text, bool closed = true)
    {
        int bytes = Encoding.ASCII.GetByteCount(text);
        Encoding.ASCII.GetBytes(text, Attribute(type, closed ? bytes + 1 : bytes));
        return this;
    }

    internal NetlinkMessage AddAddress(ushort type, in NetworkPrefix prefix)
    {
        prefix.Write(Attribute(type, prefix.AddressBytes));
        return this;
    }

    /// <summary>Opens an attribute that holds attributes; <see cref="EndNest"/> takes what this gives.</summary>
    internal int BeginNest(ushort type, bool marked = true)
    {
        int at = Length;
        Attribute(marked ? (ushort)(type | NetlinkAbi.NLA_F_NESTED) : type, 0);
        return at;
    }

    internal void EndNest(int at) => BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(at), (ushort)(Length - at));

    /// <summary>Takes back what was added since <see cref="Length"/> was this.</summary>
    internal void CutTo(int length)
    {
        _bytes.AsSpan(length, Length - length).Clear();
        Length = length;
    }

    /// <summary>The finished request.</summary>
    internal ReadOnlySpan<byte> Complete(uint sequence)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes, (uint)Length);
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(8), sequence);
        return _bytes.AsSpan(0, Length);
    }

    /// <summary>Forgets the bytes, among which there may be keys.</summary>
    internal void Wipe() => Array.Clear(_bytes);

    private Span<byte> Attribute(ushort type, int bytes)
    {
        Span<byte> room = Extend(AttributeBytes + bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(room, (ushort)(AttributeBytes + bytes));
        BinaryPrimitives.WriteUInt16LittleEndian(room[2..], type);
        return room[AttributeBytes..];
    }
}
