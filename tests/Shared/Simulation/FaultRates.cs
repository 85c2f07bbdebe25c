namespace EdgeProxy.Testing;

/// <summary>How often each fault strikes, per thousand calls.</summary>
public sealed class FaultRates
{
    private readonly int[] _perMille = new int[Enum.GetValues<Fault>().Length];

    public static FaultRates None { get; } = new();

    /// <summary>The same rate everywhere.</summary>
    public static FaultRates Everywhere(int perMille)
    {
        FaultRates rates = new();
        Array.Fill(rates._perMille, perMille);
        return rates;
    }

    /// <summary>Nothing but one fault.</summary>
    public static FaultRates Only(Fault fault, int perMille) => None.With(fault, perMille);

    /// <summary>A few faults, each at its own rate: how most seeds of a sweep go.</summary>
    public static FaultRates Some(Dice dice)
    {
        FaultRates rates = new();
        foreach (ref int rate in rates._perMille.AsSpan())
        {
            if (dice.Chance(300)) { rate = dice.Pick([1, 5, 20, 100]); }
        }

        return rates;
    }

    public int this[Fault fault] => _perMille[(int)fault];

    public FaultRates With(Fault fault, int perMille)
    {
        FaultRates rates = new();
        _perMille.CopyTo(rates._perMille, 0);
        rates._perMille[(int)fault] = perMille;
        return rates;
    }

    public override string ToString() =>
        string.Join(' ', Enum.GetValues<Fault>().Where(f => this[f] > 0).Select(f => $"{f}:{this[f]}"));
}
