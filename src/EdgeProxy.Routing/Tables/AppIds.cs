namespace EdgeProxy.Routing;

/// <summary>
/// The numbers of app names, which outlive every table: bindings and counters keep them. Written by the thread that
/// builds tables, read by any.
/// </summary>
public sealed class AppIds
{
    /// <summary>Most different names in one process's life.</summary>
    public const int NamesMax = 65_536;

    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private string[] _names = [];

    /// <summary>The name of an app id given out before; empty for any other number.</summary>
    public string Name(int appId)
    {
        string[] names = Volatile.Read(ref _names);
        return (uint)appId < (uint)names.Length ? names[appId] ?? "" : "";
    }

    /// <summary>Finds or gives the name's number; false when there have been too many names.</summary>
    internal bool TryGetOrAdd(string name, out int appId)
    {
        if (_ids.TryGetValue(name, out appId)) { return true; }
        if (_ids.Count == NamesMax) { return false; }
        appId = _ids.Count;
        _ids.Add(name, appId);
        string[] names = _names;
        if (appId == names.Length) { Array.Resize(ref names, Math.Max(16, names.Length * 2)); }
        names[appId] = name;
        Volatile.Write(ref _names, names);
        return true;
    }
}
