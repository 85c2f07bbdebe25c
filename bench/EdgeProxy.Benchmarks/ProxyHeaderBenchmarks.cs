using BenchmarkDotNet.Attributes;
using EdgeProxy.DataPlane;

namespace EdgeProxy.Benchmarks;

/// <summary>Parsing a whole PROXY header, of both versions.</summary>
[MemoryDiagnoser]
public class ProxyHeaderBenchmarks
{
    private readonly byte[] _v1 = "PROXY TCP4 203.0.113.7 192.0.2.1 56092 443\r\n"u8.ToArray();
    private readonly byte[] _v2 =
    [
        0x0D, 0x0A, 0x0D, 0x0A, 0, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A, 0x21, 0x11, 0, 12,
        203, 0, 113, 7, 192, 0, 2, 1, 0xDB, 0x1C, 0x01, 0xBB,
    ];

    [GlobalSetup]
    public void Check()
    {
        if (V1() != _v1.Length || V2() != _v2.Length) { throw new InvalidOperationException("A header was not parsed."); }
    }

    [Benchmark]
    public int V1() => ProxyHeaderParser.Parse(_v1).HeaderBytes;

    [Benchmark]
    public int V2() => ProxyHeaderParser.Parse(_v2).HeaderBytes;
}
