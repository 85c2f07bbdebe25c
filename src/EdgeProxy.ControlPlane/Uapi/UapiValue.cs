using System.Buffers.Text;
using System.Text;
using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>Values of the WireGuard userspace protocol; null for what is none.</summary>
internal static class UapiValue
{
    private const int TextBytesMax = 64; // The longest endpoint has 47.

    public static long? Number(ReadOnlySpan<byte> value, long most) =>
        !value.IsEmpty && char.IsAsciiDigit((char)value[0]) && Utf8Parser.TryParse(value, out long number, out int used)
        && used == value.Length && number <= most
            ? number
            : null;

    public static ushort? Port(ReadOnlySpan<byte> value) => (ushort?)Number(value, ushort.MaxValue);

    public static IpEndpoint? Endpoint(ReadOnlySpan<byte> value)
    {
        Span<char> text = stackalloc char[TextBytesMax];
        return value.Length <= TextBytesMax
            && Ascii.ToUtf16(value, text, out int length) == System.Buffers.OperationStatus.Done
            && IpEndpoint.TryParse(text[..length], out IpEndpoint endpoint) && endpoint.Port != 0
                ? endpoint
                : null;
    }

    /// <summary>A block; bits beyond its length are cut off, as every WireGuard does.</summary>
    public static IpPrefix? Block(ReadOnlySpan<byte> value)
    {
        Span<char> text = stackalloc char[TextBytesMax];
        return value.Length <= TextBytesMax
            && Ascii.ToUtf16(value, text, out int length) == System.Buffers.OperationStatus.Done
            && TunnelAddress.TryParse(text[..length], out TunnelAddress block)
                ? block.Network
                : null;
    }
}
