namespace EdgeProxy.Testing;

/// <summary>Which buffers the caller holds, and how many sends read from each.</summary>
internal sealed class BufferLedger(int buffersMax)
{
    private readonly bool[] _held = new bool[buffersMax];
    private readonly int[] _sends = new int[buffersMax];

    public int Held { get; private set; }

    public void HandOut(int buffer)
    {
        if ((uint)buffer >= (uint)buffersMax) { throw new ContractException($"buffer {buffer} is not below {buffersMax}"); }
        if (_held[buffer]) { throw new ContractException($"buffer {buffer} was handed out while the caller holds it"); }
        _held[buffer] = true;
        Held++;
    }

    public void TakeBack(int buffer)
    {
        MustBeHeld(buffer, "return");
        if (_sends[buffer] > 0) { throw new ContractException($"return of buffer {buffer} while it is being sent"); }
        _held[buffer] = false;
        Held--;
    }

    public void MustBeHeld(int buffer, string use)
    {
        if ((uint)buffer >= (uint)buffersMax || !_held[buffer]) { throw new ContractException($"{use} of buffer {buffer}, which the caller does not hold"); }
    }

    public void StartSend(int buffer)
    {
        MustBeHeld(buffer, "send");
        _sends[buffer]++;
    }

    public void EndSend(int buffer) => _sends[buffer]--;

    public override string ToString() => string.Join(", ", _held.Index().Where(static h => h.Item).Select(static h => h.Index));
}
