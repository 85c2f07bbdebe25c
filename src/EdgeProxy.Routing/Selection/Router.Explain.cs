namespace EdgeProxy.Routing;

public sealed partial class Router
{
    /// <summary>Most candidates an explanation lists unless asked for another number.</summary>
    public const int ExplainedMax = 1_000;

    /// <summary>
    /// Explains what <see cref="Pick"/> would do for a client's first attempt, without taking a seat. Linear in the
    /// table's backends and allocating: not for a loop.
    /// </summary>
    /// <returns>Null when the table has no such app.</returns>
    public Explanation? Explain(
        RoutingTable table, int appId, in IpAddress client, uint nowSeconds, int candidatesMax = ExplainedMax)
    {
        if (table.AppById(appId) is not { } app) { return null; }
        BindingState state = ReadBinding(table, app, client, nowSeconds, out int bound);
        return new Explainer(table, app, slots, Locate(table, client)).Explain(client, state, bound, candidatesMax);
    }

    private BindingState ReadBinding(RoutingTable table, App app, in IpAddress client, uint nowSeconds, out int bound)
    {
        bound = -1;
        if (app.Policy.Affinity == AffinityMode.None) { return BindingState.Off; }
        IpAddress key = BindingKey(app.Policy, client);
        if (!bindings.TryPeek(app.Id, key, nowSeconds, (uint)app.Policy.BindingTtlSeconds, out int slot))
        {
            return BindingState.Unbound;
        }

        int index = table.IndexOfSlot(slot);
        if (index < 0 || !app.Backends.Contains(index)) { return BindingState.Gone; }
        bound = index;
        ref readonly BackendRecord record = ref table.Records[index];
        if (record.Weight == 0) { return BindingState.Gone; }
        if (record.Healthy && record.HasRoom(slots.Connections(slot))) { return BindingState.Used; }
        return app.Policy.Affinity == AffinityMode.Require ? BindingState.Unavailable : BindingState.Replaced;
    }
}
