namespace EdgeProxy.Simulation.Tests;

/// <summary>How a simulated world treats its connections.</summary>
internal enum Weather
{
    /// <summary>Nobody resets, nothing breaks, nothing times out: every connection must bring every byte and both FINs.</summary>
    Calm,

    /// <summary>Anything may happen at any time; what must hold of every ending, count and limit is checked.</summary>
    Storm,
}
