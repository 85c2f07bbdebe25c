namespace EdgeProxy.EndToEnd.Tests;

/// <summary>Datagrams by somebody who sees real ones and has no key, by a seed.</summary>
internal sealed class HostileDatagrams(int seed)
{
    private const int LearntMax = 64;
    private const int NoiseBytesMax = 2_000;
    private const int FlipsMax = 8;
    private const byte Kinds = 4; // Of message: 1 to 4 (WireGuard paper, §5.4).

    private static readonly int[] s_lengths = [148, 92, 64, 32]; // Of those messages, the last the least.

    private readonly Random _random = new(seed);
    private readonly List<byte[]> _real = [];

    /// <summary>The first real ones are kept: among them are the handshake's.</summary>
    public void Learn(byte[] datagram)
    {
        lock (_real)
        {
            if (_real.Count < LearntMax) { _real.Add(datagram); }
        }
    }

    public byte[] Next() => _random.Next(3) switch
    {
        0 => Noise(_random.Next(1, NoiseBytesMax)),
        1 => Message((byte)_random.Next(1, Kinds + 1)),
        _ => Mutated(),
    };

    private byte[] Noise(int length)
    {
        byte[] noise = new byte[length];
        _random.NextBytes(noise);
        return noise;
    }

    private byte[] Message(byte kind)
    {
        byte[] message = Noise(s_lengths[kind - 1] + (kind == Kinds ? 16 * _random.Next(90) : 0));
        message.AsSpan(0, 4).Clear();
        message[0] = kind;
        return message;
    }

    private byte[] Mutated()
    {
        byte[] real;
        lock (_real) { real = _real[_random.Next(_real.Count)]; }
        byte[] changed = [.. real];
        switch (_random.Next(3))
        {
            case 0:
                int flips = _random.Next(1, FlipsMax);
                for (int i = 0; i < flips; i++)
                {
                    changed[_random.Next(changed.Length)] ^= (byte)(1 << _random.Next(8));
                }

                return changed;
            case 1: return changed[..^_random.Next(1, changed.Length)];
            default: return [.. changed, .. Noise(_random.Next(1, 64))];
        }
    }
}
