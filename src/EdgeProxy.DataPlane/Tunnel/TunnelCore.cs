using System.Collections.Concurrent;
using EdgeProxy.WireGuard;

namespace EdgeProxy.DataPlane;

/// <summary>
/// What the workers of one tunnel share: the protocol's state, and how one asks another for something.
/// </summary>
internal sealed class TunnelCore(Device device, int mtu)
{
    private readonly ConcurrentQueue<Peer> _calls = new();
    private volatile bool _tickWanted = true;

    public Device Device { get; } = device;

    /// <summary>Bytes of the largest packet inside.</summary>
    public int Mtu { get; } = mtu;

    /// <summary>Wakes the worker that keeps the timers.</summary>
    public Action WakeTimekeeper { get; set; } = static () => { };

    /// <summary>The address we sent from is ours no more: the kernel chooses until the peer is heard again.</summary>
    public void ForgetLocal(in Endpoint endpoint)
    {
        IReadOnlyList<Peer> peers = Device.Peers;
        for (int i = 0; i < peers.Count; i++)
        {
            if (peers[i].Endpoint == endpoint) { peers[i].Endpoint = endpoint.WithoutLocal; }
        }
    }

    /// <summary>A timer may be due at another time than the timekeeper knows of. Any thread.</summary>
    public void RequestTick()
    {
        if (_tickWanted) { return; }
        _tickWanted = true;
        WakeTimekeeper();
    }

    /// <summary>A peer to be called without waiting for a packet to it. Any thread.</summary>
    public void RequestCall(Peer peer)
    {
        _calls.Enqueue(peer);
        RequestTick();
    }

    public bool TryTakeCall(out Peer? peer) => _calls.TryDequeue(out peer);

    /// <summary>Whether <see cref="RequestTick"/> was called since the last time.</summary>
    public bool TakeTickRequest()
    {
        bool wanted = _tickWanted;
        _tickWanted = false;
        return wanted;
    }
}
