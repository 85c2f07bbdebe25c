using EdgeProxy.Linux;

namespace EdgeProxy.Testing;

/// <summary>
/// The third implementation of the seam: one process on a simulated host. Everything it does follows from the world's
/// seed. Between descriptors nothing is ordered; what happened on one descriptor is. Time moves in
/// <see cref="Wait"/> only, and as fast as events allow.
/// </summary>
/// <remarks>What the contract forbids the caller is caught by <see cref="CheckedIo"/>, not here.</remarks>
public sealed partial class SimulatedIo : Io
{
    private const int FirstDescriptor = 3;
    private readonly SimulatedWorld _world;
    private readonly List<SimulatedDescriptor> _reached = []; // Those with completions to take.
    private readonly byte[]?[] _buffers;
    private readonly Stack<int> _freeBuffers = new();
    private SimulatedDescriptor?[] _descriptors = new SimulatedDescriptor?[64];
    private bool _wake;

    public SimulatedIo(SimulatedWorld world)
    {
        _world = world;
        _buffers = new byte[]?[world.Settings.BuffersMax];
        for (int buffer = BuffersMax - 1; buffer >= 0; buffer--) { _freeBuffers.Push(buffer); }
    }

    public override IoEngine Engine => IoEngine.Simulated;

    public override int BufferBytes => _world.Settings.BufferBytes;

    public override int BuffersMax => _world.Settings.BuffersMax;

    public override int BuffersFree => _freeBuffers.Count;

    public int DescriptorsOpen { get; private set; }

    public override long ReadClockNs() => _world.Time.NowNs;

    /// <summary>Opens a listener as the slow side of the process would.</summary>
    public Fd Listen(in SocketAddress address)
    {
        SimulatedListener listener = _world.Network.Listen(address);
        SimulatedDescriptor descriptor = Open(n => new SimulatedDescriptor(n) { Listener = listener });
        listener.Changed = () => Touch(descriptor);
        return new Fd(descriptor.Number);
    }

    public override void Wake() => _wake = true;

    public override int Wait(Span<Completion> completions, long timeoutNs)
    {
        VirtualTime time = _world.Time;
        time.Pass(_world.Dice.Below(2_000)); // What the caller did since the last wait took time.
        time.RunDue();
        long limit = timeoutNs < 0 ? long.MaxValue : time.NowNs + timeoutNs;
        while (!_wake && _reached.Count == 0)
        {
            if (timeoutNs != 0 && _world.Strikes(Fault.EmptyWait)) { return 0; }
            if (time.RunNext(limit)) { continue; }
            if (timeoutNs < 0) { throw new SimulationException(_world, "waits without limit and nothing can happen any more"); }
            time.MoveTo(limit);
            return 0;
        }

        _wake = false;
        return Take(completions);
    }

    private int Take(Span<Completion> completions)
    {
        if (_reached.Count == 0) { return 0; }
        int count = 0;
        int wanted = _world.Dice.Chance(300) ? _world.Dice.Between(1, completions.Length) : completions.Length;
        while (count < wanted && _reached.Count > 0)
        {
            int index = _world.Dice.Below(_reached.Count);
            SimulatedDescriptor descriptor = _reached[index];
            completions[count++] = descriptor.Completions.Dequeue();
            if (descriptor.Completions.Count == 0) { _reached.RemoveAt(index); }
        }

        return count;
    }

    public override Span<byte> Bytes(int buffer) => _buffers[buffer] ??= new byte[BufferBytes];

    public override bool TryRent(out int buffer)
    {
        if (_freeBuffers.TryPop(out buffer)) { return true; }
        buffer = -1;
        return false;
    }

    public override void Return(int buffer)
    {
        Bytes(buffer).Fill(0xDD); // Whoever still reads it sees that it is not theirs.
        _freeBuffers.Push(buffer);
    }

    public override bool TrimBuffers()
    {
        foreach (int buffer in _freeBuffers) { Bytes(buffer).Clear(); }
        return false;
    }

    public override void Dispose()
    {
    }

    private SimulatedDescriptor Open(Func<int, SimulatedDescriptor> make)
    {
        int number = FirstDescriptor;
        while (number < _descriptors.Length && _descriptors[number] is not null) { number++; } // The lowest free, as POSIX has it.
        if (number == _descriptors.Length) { Array.Resize(ref _descriptors, 2 * number); }
        SimulatedDescriptor descriptor = make(number);
        if (descriptor.Socket is not null) { descriptor.Socket.Changed = () => Touch(descriptor); }
        _descriptors[number] = descriptor;
        DescriptorsOpen++;
        return descriptor;
    }

    private bool MayOpen(int more) => DescriptorsOpen + more <= _world.Settings.DescriptorsMax;

    private void Release(Fd fd)
    {
        SimulatedDescriptor descriptor = At(fd);
        if (descriptor.Operations.Count > 0)
        {
            throw new SimulationException(_world, $"closes descriptor {fd.Number} with an operation in flight");
        }

        descriptor.IsClosed = true;
        _descriptors[fd.Number] = null;
        DescriptorsOpen--;
    }

    private SimulatedDescriptor At(Fd fd) =>
        (uint)fd.Number < (uint)_descriptors.Length && _descriptors[fd.Number] is { } descriptor
            ? descriptor
            : throw new SimulationException(_world, $"uses descriptor {fd.Number}, which is not open");

    private SimulatedSocket SocketAt(Fd fd) => At(fd).Socket
        ?? throw new SimulationException(_world, $"uses descriptor {fd.Number} as a socket, which it is not");
}
