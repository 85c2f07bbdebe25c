using System.Text;

namespace EdgeProxy.Routing;

/// <summary>
/// What ids and names may be: short visible UTF-8, since they become metric labels, log values and arguments.
/// </summary>
internal static class NameRule
{
    public const int IdBytesMax = 255;
    public const int NameBytesMax = 64;

    /// <summary>What is wrong with an id or name, or null.</summary>
    public static string? FaultOf(ReadOnlySpan<byte> name, int bytesMax)
    {
        if (name.IsEmpty) { return "is empty"; }
        if (name.Length > bytesMax) { return $"is {name.Length} bytes long, {bytesMax} is the most"; }
        ReadOnlySpan<byte> rest = name;
        while (!rest.IsEmpty)
        {
            if (rest[0] is > 0x20 and < 0x7F) { rest = rest[1..]; continue; }
            if (Rune.DecodeFromUtf8(rest, out Rune rune, out int used) != System.Buffers.OperationStatus.Done)
            {
                return "is not UTF-8";
            }

            if (Rune.IsControl(rune)) { return "holds a control character"; }
            rest = rest[used..];
        }

        return null;
    }

    public static string? FaultOf(string name, int bytesMax) => FaultOf(Encoding.UTF8.GetBytes(name), bytesMax);
}
