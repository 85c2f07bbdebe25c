using BenchmarkDotNet.Attributes;
using EdgeProxy.Routing;

namespace EdgeProxy.Benchmarks;

/// <summary>
/// The binding table at a million bindings. <see cref="Working"/> is how many different clients the calls go round in:
/// with all of them every call waits for memory that no cache has, as the first connection of a client does; with few,
/// it shows what the table itself costs.
/// </summary>
[MemoryDiagnoser]
public class BindingBenchmarks
{
    private const int Bindings = 1_000_000;
    private const int Batch = 1 << 16;
    private readonly BindingTable _table = new(Bindings, 12_345);
    private readonly IpAddress[] _keys = new IpAddress[Batch];
    private uint _now = 10;
    private int _slot = 1;
    private int _new = Bindings;

    [Params(1_000, Bindings)]
    public int Working { get; set; }

    internal static IpAddress KeyOf(int number) => IpAddress.FromV4(unchecked((uint)number * 2_654_435_761));

    [GlobalSetup]
    public void Fill()
    {
        for (int i = 0; i < Bindings; i++) { _table.Bind(0, KeyOf(i), 1, _now); }
        Random random = new(1);
        for (int i = 0; i < Batch; i++) { _keys[i] = KeyOf(random.Next(Working)); }
    }

    /// <summary>A client that comes back, in another second than before.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public int ReadAndRefresh()
    {
        _now++;
        int sum = 0;
        foreach (ref readonly IpAddress key in _keys.AsSpan())
        {
            _table.TryFind(0, key, _now, 0, out int slot);
            sum += slot;
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public int ReadUnbound()
    {
        int sum = 0;
        foreach (ref readonly IpAddress key in _keys.AsSpan())
        {
            if (_table.TryFind(1, key, _now, 0, out _)) { sum++; }
        }

        return sum;
    }

    /// <summary>The same slot as before: what a connection does when its backend answered.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public void WriteSame()
    {
        _now++;
        foreach (ref readonly IpAddress key in _keys.AsSpan()) { _table.Bind(0, key, 1, _now); }
    }

    /// <summary>Another slot.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public void WriteChanged()
    {
        _slot++;
        foreach (ref readonly IpAddress key in _keys.AsSpan()) { _table.Bind(0, key, _slot, _now); }
    }

    /// <summary>A new client when the table is full: another one gives way.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public void WriteNewWhenFull()
    {
        _now++;
        for (int i = 0; i < Batch; i++) { _table.Bind(2, KeyOf(_new++), 1, _now); }
    }
}
