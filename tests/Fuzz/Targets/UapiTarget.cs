using EdgeProxy.ControlPlane;
using EdgeProxy.Linux;
using EdgeProxy.Routing;

namespace EdgeProxy.Fuzz;

/// <summary>
/// Messages of the WireGuard userspace protocol, both ways: a request is taken or refused whole, an answer reads as a
/// state
/// that reads the same when it is written again.
/// </summary>
internal static class UapiTarget
{
    private const int PageBytesMax = 16 * 1024 * 1024;

    public static void Run(ReadOnlySpan<byte> input)
    {
        Errno error = UapiParser.Parse(input, out UapiRequest? request);
        Truth.Holds((error == Errno.None) == (request is not null), "a request or an error");
        Truth.Holds(error is Errno.None or Errno.EINVAL or Errno.EPROTO, "an error the protocol has");
        foreach (TunnelPeerChange peer in request?.Change?.Peers ?? [])
        {
            foreach (IpPrefix block in peer.AllowedIps) { CheckBlock(block); }
            foreach (IpPrefix block in peer.RemovedIps) { CheckBlock(block); }
            Truth.Holds(peer.Endpoint is not { Port: 0 }, "an endpoint has a port");
        }

        if (UapiAnswer.Read(input) is not { } state) { return; }
        string once = Written(state);
        TunnelState? again = UapiAnswer.Read(System.Text.Encoding.UTF8.GetBytes(once));
        Truth.Holds(again is not null && Written(again) == once, "a state reads the same when written again");
    }

    private static string Written(TunnelState state)
    {
        PageBuffer page = new(PageBytesMax);
        UapiWriter.WriteState(page, state);
        return System.Text.Encoding.UTF8.GetString(page.Written);
    }

    private static void CheckBlock(in IpPrefix block) =>
        Truth.Holds(block.Address.Prefix(block.Bits) == block.Address, "a block has no bits beyond its length");
}
