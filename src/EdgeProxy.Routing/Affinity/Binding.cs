namespace EdgeProxy.Routing;

/// <summary>One client's place, as inspection shows it.</summary>
/// <param name="App">The app's id.</param>
/// <param name="Key">The client's address, cut to the app's prefix length.</param>
/// <param name="Slot">The backend slot it is kept on.</param>
/// <param name="LastUseSeconds">When it was last used, in seconds of the table's clock.</param>
public readonly record struct Binding(int App, IpAddress Key, int Slot, uint LastUseSeconds);
