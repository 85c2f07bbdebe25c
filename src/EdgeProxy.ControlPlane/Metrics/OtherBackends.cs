using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>The sums of one region's backends that have no series of their own.</summary>
internal struct OtherBackends
{
    public int Count;
    public long Active;
    public SlotTotals Totals;

    public void Add(int connections, in SlotTotals totals)
    {
        Count++;
        Active += connections;
        Totals = new SlotTotals(
            Totals.Connections + totals.Connections,
            Totals.Errors + totals.Errors,
            Totals.UploadBytes + totals.UploadBytes,
            Totals.DownloadBytes + totals.DownloadBytes);
    }
}
