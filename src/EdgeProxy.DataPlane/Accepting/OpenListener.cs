using EdgeProxy.Routing;

namespace EdgeProxy.DataPlane;

/// <summary>An address connections are accepted on.</summary>
/// <param name="Requested">As the table or the option names it.</param>
/// <param name="Bound">As it was bound: differs where port 0 was asked for.</param>
/// <param name="App">The app whose clients arrive there.</param>
public sealed record OpenListener(IpEndpoint Requested, IpEndpoint Bound, int App);
