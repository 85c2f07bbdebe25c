using EdgeProxy.Linux;
using EdgeProxy.Routing;

namespace EdgeProxy.DataPlane;

/// <summary>
/// The listening sockets of the process: per address one for each loop, sharing the port (SO_REUSEPORT), so that the
/// kernel spreads the clients and no loop waits for another.
/// </summary>
internal sealed class ListenerSet(ListenSettings settings, Loop[] loops, bool blocking)
{
    private readonly List<(OpenListener Listener, Fd[] Sockets)> _open = [];

    internal IReadOnlyList<OpenListener> Open => _open.ConvertAll(static o => o.Listener);

    internal IReadOnlyList<ListenerProblem> Apply(RoutingTable table)
    {
        List<(App App, IpEndpoint Endpoint)> wanted = [];
        foreach (App app in table.Apps)
        {
            foreach (IpEndpoint endpoint in app.Listeners) { wanted.Add((app, endpoint)); }
        }

        // Old ones first: an address may have moved from one app to another.
        foreach ((OpenListener listener, Fd[] sockets) in _open.ToArray())
        {
            if (!wanted.Exists(w => w.App.Id == listener.App && w.Endpoint == listener.Requested)) { Close(listener, sockets); }
        }

        List<ListenerProblem> problems = [];
        foreach ((App app, IpEndpoint endpoint) in wanted)
        {
            if (_open.Exists(o => o.Listener.App == app.Id && o.Listener.Requested == endpoint)) { continue; }
            SysResult opened = OpenAll(app, endpoint);
            if (!opened.Ok) { problems.Add(new ListenerProblem(app.Name, endpoint, opened.Error)); }
        }

        return problems;
    }

    internal void CloseAll()
    {
        foreach ((OpenListener listener, Fd[] sockets) in _open.ToArray()) { Close(listener, sockets); }
    }

    private SysResult OpenAll(App app, IpEndpoint endpoint)
    {
        // Another program that shares its port (an older edgeproxy, say) would silently take half of the clients.
        SysResult free = endpoint.Port == 0 ? new SysResult(0) : ListenSocket.Probe(ToSocketAddress(endpoint));
        if (!free.Ok) { return free; }

        Fd[] sockets = new Fd[loops.Length];
        IpEndpoint bound = endpoint;
        for (int i = 0; i < sockets.Length; i++)
        {
            SocketAddress address = ToSocketAddress(bound);
            SysResult opened = ListenSocket.Open(address, settings, blocking, out sockets[i]);
            if (!opened.Ok)
            {
                for (int j = 0; j < i; j++) { ListenSocket.Close(sockets[j]); }
                return opened;
            }

            if (i == 0 && ListenSocket.LocalAddress(sockets[0], out SocketAddress local).Ok)
            {
                bound = endpoint with { Port = local.Port };
            }
        }

        for (int i = 0; i < sockets.Length; i++) { loops[i].PostListener(sockets[i], app.Id); }
        _open.Add((new OpenListener(endpoint, bound, app.Id), sockets));
        return new SysResult(0);
    }

    private void Close(OpenListener listener, Fd[] sockets)
    {
        for (int i = 0; i < sockets.Length; i++) { loops[i].PostRemoveListener(sockets[i]); }
        _open.RemoveAll(o => ReferenceEquals(o.Listener, listener));
    }

    private static SocketAddress ToSocketAddress(IpEndpoint endpoint) =>
        SocketAddress.From(endpoint.Address.High, endpoint.Address.Low, endpoint.Port);
}
