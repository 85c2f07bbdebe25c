namespace EdgeProxy.Load;

/// <summary>What every command takes.</summary>
/// <param name="Cpu">Core to run on; -1 for any.</param>
/// <param name="Seconds">How long to run at most; for a client, to measure.</param>
/// <param name="WarmUpSeconds">Client: how long to run before measuring.</param>
/// <param name="Congestion">Congestion control of every socket opened or accepted; null leaves the system's.</param>
/// <param name="Pids">Client: the proxy's processes, whose children are counted too.</param>
/// <param name="Sources">Client: how many 127.0.1.x addresses to connect from; 0 leaves the choice to the kernel.</param>
internal sealed record CommonOptions(
    int Cpu, double Seconds, double WarmUpSeconds, string? Congestion, IReadOnlyList<int> Pids, int Sources);
