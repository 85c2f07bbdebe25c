namespace EdgeProxy.Routing;

public sealed partial class Router
{
    /// <summary>
    /// To be called by the control thread after publishing a table: brings the new table's selection index up to the
    /// live counts and takes back the slots of backends that are gone and idle.
    /// </summary>
    public void Settle() => slots.Reclaim(tables.Current);

    private PickOutcome FindBest(
        RoutingTable table, App app, ClientPlace place, uint random, in AttemptHistory history, out int best)
    {
        best = -1;
        double bestScore = double.PositiveInfinity;
        double tied = 0;
        PickOutcome outcome = PickOutcome.NoBackend;
        double unit = random / 4294967296.0;
        for (int i = 0; i < table.BackendCount; i++)
        {
            ref readonly BackendRecord record = ref table.Records[i];
            if (record.App != app.Id) { continue; }
            if (outcome == PickOutcome.NoBackend) { outcome = PickOutcome.NoHealthyBackend; }
            if (!record.IsOpen) { continue; }
            if (outcome == PickOutcome.NoHealthyBackend) { outcome = PickOutcome.BackendsFull; }
            int connections = slots.Connections(record.Slot);
            if (!record.HasRoom(connections)) { continue; }
            if (IsTried(table, record, history)) { outcome = PickOutcome.Exhausted; continue; }
            int tier = Score.Tier(place, record.Country, record.Region, table.PopRegion);
            double score = Score.Of(tier, Score.Load(connections, record.SoftLimit, record.Weight));
            if (score > bestScore) { continue; }
            if (score < bestScore) { tied = 0; }
            bestScore = score;
            tied += record.Weight;
            double mine = record.Weight / tied;
            if (unit < mine)
            {
                best = i;
                unit /= mine;
            }
            else
            {
                unit = (unit - mine) / (1 - mine);
            }
        }

        return best >= 0 ? PickOutcome.Chosen : outcome;
    }

    private static bool IsTried(RoutingTable table, in BackendRecord record, in AttemptHistory history)
    {
        for (int i = 0; i < history.Count; i++)
        {
            if (history[i] == record.Slot) { return true; }
            int tried = table.IndexOfSlot(history[i]);
            if (tried >= 0 && table.Records[tried].Endpoint == record.Endpoint) { return true; }
        }

        return false;
    }
}
