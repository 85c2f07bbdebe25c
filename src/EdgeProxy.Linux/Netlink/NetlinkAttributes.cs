using System.Buffers.Binary;
using System.Text;

namespace EdgeProxy.Linux;

/// <summary>
/// Walks the attributes of an answer: <see cref="MoveNext"/>, then <see cref="Type"/> and <see cref="Value"/>.
/// </summary>
internal ref struct NetlinkAttributes(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Without the marks of nests and of byte order.</summary>
    internal ushort Type { get; private set; }

    internal ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>The value as a number of the host's order; 0 when it is too short to be one.</summary>
    internal readonly uint UInt32 => Value.Length >= sizeof(uint) ? BinaryPrimitives.ReadUInt32LittleEndian(Value) : 0;

    internal readonly ushort UInt16 =>
        Value.Length >= sizeof(ushort) ? BinaryPrimitives.ReadUInt16LittleEndian(Value) : (ushort)0;

    internal readonly ulong UInt64 =>
        Value.Length >= sizeof(ulong) ? BinaryPrimitives.ReadUInt64LittleEndian(Value) : 0;

    internal readonly string Text => Encoding.ASCII.GetString(Value.TrimEnd((byte)0));

    internal bool MoveNext()
    {
        if (_rest.Length < NetlinkMessage.AttributeBytes) { return false; }
        int length = BinaryPrimitives.ReadUInt16LittleEndian(_rest);
        if (length < NetlinkMessage.AttributeBytes || length > _rest.Length) { return false; }
        Type = (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(_rest[2..]) & NetlinkAbi.NLA_TYPE_MASK);
        Value = _rest[NetlinkMessage.AttributeBytes..length];
        _rest = _rest[Math.Min((length + 3) & ~3, _rest.Length)..];
        return true;
    }
}
