namespace EdgeProxy.Routing;

/// <summary>Where a client's place was found.</summary>
public enum PlaceSource : byte
{
    /// <summary>Nowhere: a private, loopback or unlisted address.</summary>
    Unknown,

    /// <summary>The geo table.</summary>
    GeoTable,

    /// <summary>A CIDR override of the operator.</summary>
    Override,
}
