namespace EdgeProxy.Routing;

/// <summary>
/// What a group of the selection index is joined to, in one place: a step up or down reads one cache line of it.
/// </summary>
/// <param name="Parent">The entry that sums it up in the region's or app's tree; negative for none.</param>
/// <param name="CountryParent">The entry that sums it up in a country's tree; negative for none.</param>
/// <param name="First">The first of the range of backends below it (the hull, in a country's tree).</param>
/// <param name="End">The end of that range.</param>
internal readonly record struct GroupLinks(int Parent, int CountryParent, int First, int End);
