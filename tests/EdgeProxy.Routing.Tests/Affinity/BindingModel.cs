namespace EdgeProxy.Routing.Tests;

/// <summary>What the binding table promises, over a dictionary. It judges evictions; it does not choose them.</summary>
internal sealed class BindingModel(int bindingsMax)
{
    private readonly Dictionary<(int App, IpAddress Key), (int Slot, uint LastUse)> _bindings = [];

    public int Count => _bindings.Count;

    public IReadOnlyCollection<Binding> All =>
        [.. _bindings.Select(static b => new Binding(b.Key.App, b.Key.Key, b.Value.Slot, b.Value.LastUse))];

    public int Find(int app, IpAddress key, uint now, uint ttl, bool refreshes)
    {
        if (!_bindings.TryGetValue((app, key), out (int Slot, uint LastUse) found)) { return -1; }
        if (ttl != 0 && (long)now - found.LastUse >= ttl) { return -1; }
        if (refreshes) { _bindings[(app, key)] = (found.Slot, Math.Max(now, found.LastUse)); }
        return found.Slot;
    }

    /// <summary>Whether a bind of this key must end another binding.</summary>
    public bool IsFullFor(int app, IpAddress key) => _bindings.Count == bindingsMax && !_bindings.ContainsKey((app, key));

    public void Bind(int app, IpAddress key, int slot, uint now)
    {
        bool refreshes = _bindings.TryGetValue((app, key), out (int Slot, uint LastUse) found) && found.Slot == slot;
        _bindings[(app, key)] = (slot, refreshes ? Math.Max(now, found.LastUse) : now);
    }

    public void Touch(int app, IpAddress key, int slot, uint now)
    {
        if (_bindings.TryGetValue((app, key), out (int Slot, uint LastUse) found) && found.Slot == slot)
        {
            _bindings[(app, key)] = (slot, Math.Max(now, found.LastUse));
        }
    }

    public void Unbind(int app, IpAddress key, int slot)
    {
        if (_bindings.TryGetValue((app, key), out (int Slot, uint LastUse) found) && found.Slot == slot)
        {
            _bindings.Remove((app, key));
        }
    }

    /// <summary>Drops all whose time is over; returns how many.</summary>
    public int Sweep(uint now, uint[] ttls)
    {
        int dropped = 0;
        foreach (Binding binding in All)
        {
            if (!IsOver(binding, now, ttls)) { continue; }
            _bindings.Remove((binding.App, binding.Key));
            dropped++;
        }

        return dropped;
    }

    /// <summary>Takes note of who gave way; null if the choice was legal, else what was wrong with it.</summary>
    public string? Evict(Binding gone, uint now, uint[] ttls, bool countedAsExpired)
    {
        if (!_bindings.Remove((gone.App, gone.Key))) { return "it was not bound"; }
        if (IsOver(gone, now, ttls) != countedAsExpired) { return "it was counted under the wrong cause"; }
        if (countedAsExpired) { return null; }
        int noFresher = _bindings.Values.Count(b => b.LastUse >= gone.LastUseSeconds);
        int others = Math.Min(BindingTable.SampleSize, bindingsMax) - 1;
        return noFresher >= others ? null : $"only {noFresher} others were used no earlier, {others} should have been";
    }

    private static bool IsOver(Binding binding, uint now, uint[] ttls) =>
        binding.App >= ttls.Length || (ttls[binding.App] != 0 && (long)now - binding.LastUseSeconds >= ttls[binding.App]);
}
