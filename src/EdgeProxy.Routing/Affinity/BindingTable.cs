namespace EdgeProxy.Routing;

/// <summary>Which backend slot a client is kept on: (app, client prefix) to slot, with the time of last use. Any thread.</summary>
/// <param name="bindingsMax">Most bindings held; a new one then takes the place of the longest unused.</param>
/// <param name="seed">A secret number, so that nobody can choose addresses that collide.</param>
public sealed class BindingTable(int bindingsMax, ulong seed)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(int App, IpAddress Key), (int Slot, uint LastUse)> _bindings = [];
    private readonly ulong _seed = seed;

    public long Count { get { lock (_lock) { return _bindings.Count; } } }

    /// <summary>Bindings that gave way to newer ones since the start.</summary>
    public long Evicted { get; private set; }

    /// <summary>Bindings dropped after their time since the start.</summary>
    public long Expired { get; private set; }

    /// <summary>Finds a live binding and refreshes its last use.</summary>
    /// <param name="app">The app's id.</param>
    /// <param name="key">The client's address, cut to the app's prefix length.</param>
    /// <param name="nowSeconds">Seconds of any steady clock.</param>
    /// <param name="ttlSeconds">Life after the last use; 0 is for ever.</param>
    /// <param name="slot">The backend slot, -1 if there is no binding.</param>
    public bool TryFind(int app, in IpAddress key, uint nowSeconds, uint ttlSeconds, out int slot)
    {
        lock (_lock)
        {
            slot = -1;
            if (!_bindings.TryGetValue((app, key), out (int Slot, uint LastUse) found)) { return false; }
            if (ttlSeconds != 0 && nowSeconds - found.LastUse >= ttlSeconds) { return false; }
            slot = found.Slot;
            _bindings[(app, key)] = (slot, nowSeconds);
            return true;
        }
    }

    /// <summary>Binds the client to a slot, whatever it was bound to.</summary>
    public void Bind(int app, in IpAddress key, int slot, uint nowSeconds)
    {
        lock (_lock)
        {
            if (_bindings.Count >= bindingsMax && !_bindings.ContainsKey((app, key)))
            {
                _bindings.Remove(_bindings.MinBy(static b => b.Value.LastUse).Key);
                Evicted++;
            }

            _bindings[(app, key)] = (slot, nowSeconds);
        }
    }

    /// <summary>Drops the binding if it still points to <paramref name="slot"/>.</summary>
    public void Unbind(int app, in IpAddress key, int slot)
    {
        lock (_lock)
        {
            if (_bindings.TryGetValue((app, key), out (int Slot, uint LastUse) found) && found.Slot == slot)
            {
                _bindings.Remove((app, key));
            }
        }
    }

    /// <summary>Refreshes the last use of the binding if it still points to <paramref name="slot"/>.</summary>
    public void Touch(int app, in IpAddress key, int slot, uint nowSeconds)
    {
        lock (_lock)
        {
            if (_bindings.TryGetValue((app, key), out (int Slot, uint LastUse) found) && found.Slot == slot)
            {
                _bindings[(app, key)] = (slot, nowSeconds);
            }
        }
    }

    /// <summary>Drops bindings past their time, a bounded part of the table per call; call it again and again.</summary>
    /// <param name="nowSeconds">Seconds of the same clock.</param>
    /// <param name="ttlSecondsByApp">Life per app id; 0 is for ever, an app beyond the end is gone with its bindings.</param>
    /// <returns>How many were dropped.</returns>
    public int Sweep(uint nowSeconds, ReadOnlySpan<uint> ttlSecondsByApp)
    {
        lock (_lock)
        {
            int dropped = 0;
            foreach (KeyValuePair<(int App, IpAddress Key), (int Slot, uint LastUse)> binding in _bindings)
            {
                uint age = nowSeconds - binding.Value.LastUse;
                if (binding.Key.App < ttlSecondsByApp.Length)
                {
                    uint ttl = ttlSecondsByApp[binding.Key.App];
                    if (ttl == 0 || age < ttl) { continue; }
                }

                _bindings.Remove(binding.Key);
                dropped++;
            }

            Expired += dropped;
            return dropped;
        }
    }

    /// <summary>The bindings for inspection: each that stays during the walk exactly once, others perhaps.</summary>
    public IEnumerable<Binding> Enumerate()
    {
        KeyValuePair<(int App, IpAddress Key), (int Slot, uint LastUse)>[] all;
        lock (_lock) { all = [.. _bindings]; }
        return all.Select(static b => new Binding(b.Key.App, b.Key.Key, b.Value.Slot, b.Value.LastUse));
    }
}
