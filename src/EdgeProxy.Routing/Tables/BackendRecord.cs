namespace EdgeProxy.Routing;

/// <summary>A backend inside its table: 40 bytes, no references, so a million of them are one quiet array.</summary>
internal struct BackendRecord
{
    public IpAddress Address;
    public int Slot;
    public int SoftLimit;
    public int HardLimit;
    public ushort Port;
    public ushort Weight;
    public ushort App;
    public short Region;
    public Country Country;
    public bool Healthy;

    public readonly IpEndpoint Endpoint => new(Address, Port);

    /// <summary>The table lets it take new clients.</summary>
    public readonly bool IsOpen => Healthy && Weight > 0;

    public readonly bool HasRoom(int connections) => HardLimit == 0 || connections < HardLimit;
}
