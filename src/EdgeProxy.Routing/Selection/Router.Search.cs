namespace EdgeProxy.Routing;

public sealed partial class Router
{
    /// <summary>
    /// To be called by the control thread after each publishing of a table, and once in a while: brings the selection
    /// index up to the live counts and takes back the slots of backends that are gone and idle.
    /// </summary>
    /// <remarks>
    /// While a new table was built and published, loops refreshed the old one's index. Whoever changes a count reads
    /// <see cref="Tables"/> after the change; this reads the counts after the publishing. So each change is seen by the
    /// one or by the other, and none is lost.
    /// </remarks>
    public void Settle()
    {
        RoutingTable table = tables.Current;
        table.Selection.SettleAll();
        slots.Reclaim(table);
    }

    private static int FindBest(
        RoutingTable table, App app, ClientPlace place, uint random, in AttemptHistory history)
    {
        if (app.Backends.OpenCount == 0) { return SelectionIndex.NoBackend; }
        if (history.Count == 0) { return table.Selection.FindBest(app.Backends, place, table.PopRegion, random); }
        Span<int> tried = stackalloc int[AttemptHistory.Capacity];
        int count = 0;
        for (int i = 0; i < history.Count; i++)
        {
            int index = table.IndexOfSlot(history[i]);
            if (index >= 0) { tried[count++] = index; } // One that left the table meanwhile cannot be chosen anyway.
        }

        return table.Selection.FindBestExcept(app.Backends, place, table.PopRegion, random, tried[..count]);
    }

    private static PickOutcome OutcomeOf(AppBackends backends, int attempts)
    {
        if (backends.Count == 0) { return PickOutcome.NoBackend; }
        if (backends.OpenCount == 0) { return PickOutcome.NoHealthyBackend; }
        return attempts > 0 ? PickOutcome.Exhausted : PickOutcome.BackendsFull;
    }

    private void Leave(int slot)
    {
        slots.Release(slot);
        RoutingTable now = tables.Current;
        int backend = now.IndexOfSlot(slot);
        if (backend >= 0) { now.Selection.Refresh(backend); }
    }

    /// <summary>
    /// After a slot's connections changed: in the table at hand, and in a newer one if there is one by now.
    /// </summary>
    private void Refresh(RoutingTable table, int backend, int slot)
    {
        table.Selection.Refresh(backend);
        RoutingTable now = tables.Current;
        if (ReferenceEquals(now, table)) { return; }
        int index = now.IndexOfSlot(slot);
        if (index >= 0) { now.Selection.Refresh(index); }
    }
}
