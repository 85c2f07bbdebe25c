namespace EdgeProxy.Routing;

/// <summary>
/// A backend inside its table: 40 bytes, no references, so a million of them are one quiet array. A table's records are
/// sorted by app, region, country and endpoint: each app, each region of it and each country within that is one range.
/// </summary>
internal struct BackendRecord
{
    public IpAddress Address;
    public int Slot;
    public int SoftLimit;
    public int HardLimit;

    /// <summary>Its leaf in the selection index; while the table is being built, the number of its cell.</summary>
    public int Leaf;

    public ushort Port;
    public ushort Weight;
    public short Region;
    public Country Country;
    public bool Healthy;

    public readonly IpEndpoint Endpoint => new(Address, Port);

    /// <summary>The table lets it take new clients.</summary>
    public readonly bool IsOpen => Healthy && Weight > 0;

    public readonly bool HasRoom(int connections) => HardLimit == 0 || connections < HardLimit;

    /// <summary>-1, 0 or 1.</summary>
    public static int CompareEndpoints(in BackendRecord left, in BackendRecord right)
    {
        int order = left.Address.CompareTo(right.Address);
        return order != 0 ? order : Math.Sign(left.Port - right.Port);
    }
}
