namespace EdgeProxy.Routing;

/// <summary>One decision: where a client goes, or why nowhere.</summary>
public struct RoutePick
{
    public PickOutcome Outcome;

    /// <summary>The backend's slot, on which a seat is reserved; -1 unless chosen.</summary>
    public int Slot;

    /// <summary>The backend's index in the table; -1 unless chosen.</summary>
    public int Backend;

    public IpEndpoint Endpoint;

    /// <summary>The client's country.</summary>
    public Country Country;

    /// <summary>0 the client's country, 1 its region, 2 this POP's region, 3 any other.</summary>
    public byte Tier;

    /// <summary>The backend came from the client's binding.</summary>
    public bool FromBinding;
}
