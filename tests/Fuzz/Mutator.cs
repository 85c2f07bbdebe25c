namespace EdgeProxy.Fuzz;

/// <summary>Damages an input in the ways files and packets get damaged or forged. The same seed gives the same damage.</summary>
public sealed class Mutator(int seed)
{
    private const int ChangesMax = 8;
    private const int BlockMax = 256;
    private const int LengthMax = 1 << 20;

    // Values at which lengths, counts and offsets go wrong.
    private static readonly byte[] s_edges = [0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF];

    private readonly Random _random = new(seed);

    /// <param name="input">Stays as it is.</param>
    /// <param name="other">Another input, to take pieces from.</param>
    public byte[] Mutate(byte[] input, byte[] other)
    {
        List<byte> bytes = [.. input];
        int changes = 1 + _random.Next(ChangesMax);
        for (int i = 0; i < changes; i++) { Change(bytes, other); }
        return [.. bytes];
    }

    private void Change(List<byte> bytes, byte[] other)
    {
        int at = _random.Next(bytes.Count + 1);
        int block = Math.Min(1 + _random.Next(BlockMax), bytes.Count - at);
        switch (_random.Next(8))
        {
            case 0 or 1 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 2 when at < bytes.Count:
                bytes[at] = s_edges[_random.Next(s_edges.Length)];
                break;
            case 3:
                for (int i = 0; i < Math.Min(block, 8); i++) { bytes[at + i] = s_edges[_random.Next(s_edges.Length)]; }
                break;
            case 4 when other.Length > 0:
                Paste(bytes, at, other);
                break;
            case 5 when bytes.Count < LengthMax:
                bytes.InsertRange(at, bytes.GetRange(at, block));
                break;
            case 6:
                bytes.RemoveRange(at, block);
                break;
            case 7 when _random.Next(4) == 0:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            default:
                if (at < bytes.Count) { bytes[at] = (byte)_random.Next(256); }
                break;
        }
    }

    /// <summary>Overwrites with a piece of another input, which keeps offsets behind it right.</summary>
    private void Paste(List<byte> bytes, int at, byte[] other)
    {
        int from = _random.Next(other.Length);
        int length = Math.Min(1 + _random.Next(BlockMax), Math.Min(other.Length - from, bytes.Count - at));
        for (int i = 0; i < length; i++) { bytes[at + i] = other[from + i]; }
    }
}
