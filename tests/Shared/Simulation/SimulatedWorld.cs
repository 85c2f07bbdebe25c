using EdgeProxy.Linux;

namespace EdgeProxy.Testing;

/// <summary>What everything in one simulation shares: chance, time, the network and the faults.</summary>
public sealed class SimulatedWorld
{
    private int _point;

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

    /// <summary>Every place at which a fault could have struck, with the number of errors it could have struck with; null records none.</summary>
    public List<(Fault Fault, int Errors)>? Points { get; private set; }

    /// <summary>The one place at which a fault strikes whatever its rate, and which of its errors it strikes with.</summary>
    public (int Point, int Error)? Forced { get; private set; }

    /// <summary>Counts the places from here on: records them, or lets a fault strike at one of them.</summary>
    public void StartSweep(List<(Fault Fault, int Errors)>? points, (int Point, int Error)? forced)
    {
        _point = 0;
        Points = points;
        Forced = forced;
    }

    public void EndRecording() => Points = null;

    internal bool Strikes(Fault fault) => ForcedHere(fault, errors: 1) >= 0 || StrikesByChance(fault);

    private int ForcedHere(Fault fault, int errors)
    {
        int point = _point++;
        Points?.Add((fault, errors));
        if (Forced is not { } forced || forced.Point != point) { return -1; }
        FaultsStruck++;
        return forced.Error;
    }

    private bool StrikesByChance(Fault fault)
    {
        int rate = Faults[fault];
        if (rate == 0 || !Dice.Chance(rate)) { return false; }
        FaultsStruck++;
        return true;
    }

    /// <summary>One of <paramref name="errors"/> when the fault strikes.</summary>
    internal bool Strikes(Fault fault, ReadOnlySpan<Errno> errors, out SysResult result)
    {
        int forced = ForcedHere(fault, errors.Length);
        bool strikes = forced >= 0 || StrikesByChance(fault);
        result = !strikes ? default : SysResult.Failed(forced >= 0 ? errors[forced] : Dice.Pick(errors));
        return strikes;
    }
}
