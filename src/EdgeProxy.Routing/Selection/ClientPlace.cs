namespace EdgeProxy.Routing;

/// <summary>Where a client is, as far as routing cares.</summary>
/// <param name="Country">Its country, or none.</param>
/// <param name="Region">Its region's number, or <see cref="RegionMap.None"/>.</param>
/// <param name="Source">Where that is known from.</param>
public readonly record struct ClientPlace(Country Country, int Region, PlaceSource Source);
