namespace EdgeProxy.Routing;

/// <summary>
/// Ranges as a <see cref="GeoBlob"/> holds them: there at once, since nothing is unpacked, but a search unpacks a
/// piece of some thousand ranges, which takes ten or twenty microseconds. Right for the first clients after a start,
/// and for a command that asks once.
/// </summary>
internal sealed class PackedRanges(string source, GeoPart v4, GeoPart v6) : GeoRanges
{
    public override int Count => v4.Count + v6.Count;

    public override Country FindV4(uint address) => v4.Find(address);

    public override Country FindV6(ulong high) => v6.Find(high >> (64 - GeoSteps.V6Bits));

    public override FlatRanges ToFlat()
    {
        V4Arrays arraysV4 = new(v4.Count);
        if (!v4.TryUnpack(ref arraysV4)) { throw GeoBlob.Damaged(source, "the steps of IPv4 do not add up"); }
        arraysV4.Finish();
        V6Arrays arraysV6 = new(v6.Count);
        if (!v6.TryUnpack(ref arraysV6) || !arraysV6.IsGood)
        {
            throw GeoBlob.Damaged(source, "the steps of IPv6 do not add up");
        }

        return new FlatRanges(arraysV4.Firsts, arraysV4.Ranges, arraysV6.Starts, arraysV6.Countries);
    }
}
