using EdgeProxy.Linux;

namespace EdgeProxy.Testing;

/// <summary>What everything in one simulation shares: chance, time, the network and the faults.</summary>
public sealed class SimulatedWorld
{
    public SimulatedWorld(ulong seed, SimulationSettings settings)
    {
        Dice = new Dice(seed);
        Settings = settings;
        Faults = settings.Faults;
        Network = new SimulatedNetwork(this);
    }

    public Dice Dice { get; }

    public VirtualTime Time { get; } = new();

    public SimulationSettings Settings { get; }

    /// <summary>Current rates; a test may change them in the course of a run.</summary>
    public FaultRates Faults { get; set; }

    public SimulatedNetwork Network { get; }

    /// <summary>Faults that have struck so far.</summary>
    public int FaultsStruck { get; private set; }

    internal bool Strikes(Fault fault)
    {
        int rate = Faults[fault];
        if (rate == 0 || !Dice.Chance(rate)) { return false; }
        FaultsStruck++;
        return true;
    }

    /// <summary>One of <paramref name="errors"/> when the fault strikes.</summary>
    internal bool Strikes(Fault fault, ReadOnlySpan<Errno> errors, out SysResult result)
    {
        bool strikes = Strikes(fault);
        result = strikes ? SysResult.Failed(Dice.Pick(errors)) : default;
        return strikes;
    }
}
