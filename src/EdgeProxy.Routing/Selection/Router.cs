namespace EdgeProxy.Routing;

/// <summary>
/// Where a client goes. Loops call it from any thread at once; a call takes no lock and allocates nothing. It touches
/// no clock and draws no random number: both are arguments, so a decision can be replayed.
/// </summary>
/// <param name="tables">The current routing table.</param>
/// <param name="geo">The current geo table.</param>
/// <param name="slots">The backends' live state, the same that the tables were built with.</param>
/// <param name="bindings">Which client is kept on which backend.</param>
public sealed partial class Router(
    Published<RoutingTable> tables, Published<GeoTable> geo, BackendSlots slots, BindingTable bindings)
{
    /// <summary>How often a pick looks again after another thread took the seat it had chosen.</summary>
    private const int RacesMax = 64;

    private const int MappedBits = 96;

    public Published<RoutingTable> Tables => tables;

    public Published<GeoTable> Geo => geo;

    public BackendSlots Slots => slots;

    public BindingTable Bindings => bindings;

    /// <summary>The client's place: an override before the geo table; private and loopback clients have none.</summary>
    public ClientPlace Locate(RoutingTable table, in IpAddress client)
    {
        if (table.Overrides.TryFind(client, out ClientPlace place)) { return place; }
        Country country = geo.Current.Find(client);
        return country == Country.None
            ? new ClientPlace(Country.None, RegionMap.None, PlaceSource.Unknown)
            : new ClientPlace(country, table.Regions.RegionOf(country), PlaceSource.GeoTable);
    }

    /// <summary>Chooses a backend for a client and reserves a seat on it.</summary>
    /// <param name="table">The current table, taken once per decision.</param>
    /// <param name="appId">The app whose listener took the client.</param>
    /// <param name="client">The client, as routing sees it.</param>
    /// <param name="nowSeconds">Seconds of the clock the bindings are kept by.</param>
    /// <param name="random">Any 32 random bits; they spread equal scores.</param>
    /// <param name="history">What this connection has tried; a chosen slot is added.</param>
    /// <returns>
    /// When chosen, a seat is reserved: end it with <see cref="ConnectFailed"/> or <see cref="Release"/>, exactly once.
    /// </returns>
    public RoutePick Pick(
        RoutingTable table, int appId, in IpAddress client, uint nowSeconds, uint random, ref AttemptHistory history)
    {
        RoutePick pick = new() { Slot = -1, Backend = -1, Outcome = PickOutcome.NoApp };
        App? app = table.AppById(appId);
        if (app is null) { return pick; }

        // The binding before the place, which is not needed for it: a stranger's bucket comes from memory while the
        // place is being looked up.
        bool bound = app.Policy.Affinity != AffinityMode.None
            && TryBinding(table, app, client, nowSeconds, history, ref pick);
        ClientPlace place = Locate(table, client);
        pick.Country = place.Country;
        if (bound)
        {
            if (pick.Outcome == PickOutcome.Chosen) { Choose(table, place, pick.Backend, ref pick, ref history); }
            return pick;
        }

        for (int race = 0; race < RacesMax; race++)
        {
            int best = FindBest(table, app, place, random, history);
            if (best == SelectionIndex.NoBackend) { break; }
            ref readonly BackendRecord record = ref table.Records[best];
            bool reserved = slots.TryReserve(record.Slot, record.HardLimit);
            Refresh(table, best, record.Slot);
            if (!reserved) { continue; } // Another thread took the last seat; the index knows by now.
            Choose(table, place, best, ref pick, ref history);
            return pick;
        }

        pick.Outcome = OutcomeOf(app.Backends, history.Count);
        return pick;
    }

    /// <summary>The backend answered: keeps the client on it, as far as the app's policy goes.</summary>
    public void Connected(RoutingTable table, int appId, in IpAddress client, int slot, uint nowSeconds)
    {
        if (table.AppById(appId) is { Policy.Affinity: not AffinityMode.None } app)
        {
            bindings.Bind(appId, BindingKey(app.Policy, client), slot, nowSeconds);
        }
    }

    /// <summary>
    /// The backend did not answer: frees the seat, counts the error and, unless required, drops the binding.
    /// </summary>
    public void ConnectFailed(RoutingTable table, int appId, in IpAddress client, int slot)
    {
        slots.CountError(slot);
        Leave(slot);
        if (table.AppById(appId) is { Policy.Affinity: AffinityMode.Prefer } app)
        {
            bindings.Unbind(appId, BindingKey(app.Policy, client), slot);
        }
    }

    /// <summary>
    /// The connection ended: frees its seat and refreshes the binding's last use. Exactly once per connection.
    /// </summary>
    public void Release(RoutingTable table, int appId, in IpAddress client, int slot, uint nowSeconds)
    {
        if (table.AppById(appId) is { Policy.Affinity: not AffinityMode.None } app)
        {
            bindings.Touch(appId, BindingKey(app.Policy, client), slot, nowSeconds);
        }

        Leave(slot);
    }

    /// <summary>
    /// Whether a seat that has not been used yet still leads to a backend that takes new clients, and where.
    /// </summary>
    public static bool StillServes(RoutingTable table, int appId, int slot, out IpEndpoint endpoint)
    {
        endpoint = default;
        int index = table.IndexOfSlot(slot);
        if (index < 0 || table.AppById(appId) is not { } app || !app.Backends.Contains(index)) { return false; }
        ref readonly BackendRecord record = ref table.Records[index];
        endpoint = record.Endpoint;
        return record.Healthy && record.Weight > 0;
    }

    private static IpAddress BindingKey(AppPolicy policy, in IpAddress client) =>
        client.Prefix(client.IsIPv4 ? MappedBits + policy.AffinityBitsV4 : policy.AffinityBitsV6);

    /// <summary>Answers from the client's binding; false when there is none or it leaves the choice open.</summary>
    private bool TryBinding(
        RoutingTable table, App app, in IpAddress client, uint nowSeconds, in AttemptHistory history, ref RoutePick pick)
    {
        if (history.Count > 0 && app.Policy.Affinity == AffinityMode.Prefer) { return false; }
        IpAddress key = BindingKey(app.Policy, client);
        if (!bindings.TryFind(app.Id, key, nowSeconds, (uint)app.Policy.BindingTtlSeconds, out int slot)) { return false; }
        int index = table.IndexOfSlot(slot);
        if (index < 0) { return false; }
        ref readonly BackendRecord record = ref table.Records[index];
        if (!app.Backends.Contains(index) || record.Weight == 0) { return false; } // Weight 0 drains: bound clients move too.
        if (record.Healthy && !history.Contains(slot) && slots.TryReserve(slot, record.HardLimit))
        {
            Refresh(table, index, slot);
            pick.Backend = index;
            pick.FromBinding = true;
            pick.Outcome = PickOutcome.Chosen;
            return true;
        }

        pick.Outcome = PickOutcome.BindingUnavailable;
        return app.Policy.Affinity == AffinityMode.Require;
    }

    private static void Choose(
        RoutingTable table, ClientPlace place, int backend, ref RoutePick pick, ref AttemptHistory history)
    {
        ref readonly BackendRecord record = ref table.Records[backend];
        pick.Outcome = PickOutcome.Chosen;
        pick.Backend = backend;
        pick.Slot = record.Slot;
        pick.Endpoint = record.Endpoint;
        pick.Tier = (byte)Score.Tier(place, record.Country, record.Region, table.PopRegion);
        history.Add(record.Slot);
    }
}
