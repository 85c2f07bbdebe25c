using EdgeProxy.Telemetry;

namespace EdgeProxy.Testing;

/// <summary>What holds at the end of every run, whatever happened in it.</summary>
internal static class RigChecks
{
    public static void Check(ProxyRig rig)
    {
        try
        {
            rig.Host.Io.AssertNothingLeft();
        }
        catch (ContractException e)
        {
            throw rig.Failed(e.Message);
        }

        Counts(rig);
        foreach (Peer client in rig.Clients) { Pair(rig, client); }
        foreach (Peer peer in rig.Host.Peers) { CleanEnd(rig, peer); }
        bool struck = rig.Poller == Poller.Simulated && rig.World.FaultsStruck > 0; // A broken socket loses what was accepted.
        if (!struck && rig.Records.TrueForAll(static r => r.Reason == CloseReason.Finished)) { Bytes(rig); }
    }

    private static void Counts(ProxyRig rig)
    {
        long closed = Enum.GetValues<CloseReason>().Sum(rig.Counters.Closed);
        Equal(rig, rig.Counters.Accepted, closed, "connections accepted and closes counted");
        Equal(rig, rig.Counters.Accepted, rig.Records.Count, "connections accepted and records written");
        Equal(rig, 0, rig.Loop.ConnectionCount, "connections left");
        Equal(rig, 0, rig.Budget.Current, "places of the budget taken");
        Equal(rig, 0, rig.Counters.Glitches, "glitches");
        foreach (RigBackend backend in rig.Backends) { Equal(rig, 0, rig.SeatsTaken(backend), $"seats taken of {backend.Id}"); }
    }

    /// <summary>Who heard whom must be mutual: two connections were not mixed up.</summary>
    private static void Pair(ProxyRig rig, Peer client)
    {
        List<Peer> heard = rig.Host.Peers.FindAll(p => p.HeardKey == client.Key);
        if (heard.Count > 1) { throw rig.Failed($"{client.Name} was heard by {heard.Count} backends"); }
        if (client.HeardKey is { } key && heard.Count == 1 && heard[0].Key != key)
        {
            throw rig.Failed($"{client.Name} hears another backend than {heard[0].Name}, which hears it");
        }

        if (client.HeardKey is { } source && !rig.Host.Peers.Exists(p => p.Key == source))
        {
            throw rig.Failed($"{client.Name} hears bytes nobody sent");
        }
    }

    /// <summary>A FIN says: that was all. It may be passed on only after every byte, and only for a FIN.</summary>
    private static void CleanEnd(ProxyRig rig, Peer peer)
    {
        if (!peer.SawFin || peer.HeardKey is not { } key) { return; }
        Peer sender = rig.Host.Peers.Find(p => p.Key == key)!;
        if (!sender.SentFin) { throw rig.Failed($"{peer.Name} saw a FIN that {sender.Name} did not send"); }
        Equal(rig, sender.Sent, peer.Received, $"bytes {sender.Name} sent and {peer.Name} received before the FIN");
    }

    private static void Bytes(ProxyRig rig)
    {
        Equal(rig, rig.Records.Sum(static r => r.UploadBytes), rig.Counters.UploadBytes, "bytes of the records and the counter, upload");
        Equal(rig, rig.Records.Sum(static r => r.DownloadBytes), rig.Counters.DownloadBytes, "bytes of the records and the counter, download");
        Equal(rig, rig.Records.Sum(static r => r.DownloadBytes), rig.Clients.Sum(static c => c.Received), "bytes recorded and received by clients");
    }

    private static void Equal(ProxyRig rig, long expected, long actual, string what)
    {
        if (expected != actual) { throw rig.Failed($"{what}: {expected} against {actual}"); }
    }
}
