using BenchmarkDotNet.Attributes;
using EdgeProxy.DataPlane;

namespace EdgeProxy.Benchmarks;

/// <summary>Setting and clearing the deadline of one of 10,000 connections that all have one.</summary>
[MemoryDiagnoser]
public class TimerWheelBenchmarks : IDisposable
{
    private const int Connections = 10_000;
    private readonly ConnectionTable _connections = new(Connections);
    private readonly int[] _order = new int[Connections];
    private TimerWheel _wheel = null!;
    private long _nowMs = 1_000_000;

    [GlobalSetup]
    public void Fill()
    {
        _wheel = new TimerWheel(_connections, _nowMs);
        Random random = new(1);
        for (int i = 0; i < Connections; i++)
        {
            ref Connection connection = ref _connections.Take();
            _order[i] = connection.Index;
            _wheel.Set(ref connection, _nowMs + random.Next(3_600_000));
        }

        random.Shuffle(_order);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _connections.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A deadline moved: cleared and set.</summary>
    [Benchmark(OperationsPerInvoke = Connections)]
    public void Move()
    {
        _nowMs++;
        foreach (int index in _order) { _wheel.Set(ref _connections[index], _nowMs + 30_000); }
    }

    [Benchmark(OperationsPerInvoke = Connections)]
    public void ClearAndSet()
    {
        foreach (int index in _order)
        {
            ref Connection connection = ref _connections[index];
            _wheel.Clear(ref connection);
            _wheel.Set(ref connection, _nowMs + 30_000);
        }
    }
}
