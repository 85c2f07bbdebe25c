using System.Text;
using EdgeProxy.Routing;
using EdgeProxy.Telemetry;
using EdgeProxy.Testing;

namespace EdgeProxy.Simulation.Tests;

/// <summary>What holds after every turn, of every record, and at the end.</summary>
internal sealed partial class SimulatedProxy
{
    /// <summary>Turns without anybody's progress: so many at once, and so many for each millisecond that passes.</summary>
    private const int IdleTurnsMax = 3_000;
    private const int IdleTurnsPerMs = 60;

    private void CheckTurn(SimulatedLoop loop)
    {
        if (_host.Failure is { } failure) { throw Failed(failure); }
        CheckLimits();
        CheckBusy(loop);
    }

    private void CheckLimits()
    {
        // Only a listener that leaves takes more than there are places for: what waits on it has nowhere else to wait.
        int beyond = Storm ? _plan.Apps.Count * _loops.Count * (_plan.Simulation.Backlog + 1) : 0;
        if (_budget.Current > _budget.Max + beyond)
        {
            throw Failed($"{_budget.Current} connections, {_budget.Max} is the cap");
        }
        foreach (PlannedBackend backend in _backends)
        {
            int slot = _slots.Find(Encoding.UTF8.GetBytes(backend.Id));
            int seats = slot < 0 ? 0 : _slots.Connections(slot);
            if (seats > backend.Seats && backend.LimitInForce > 0 && seats > backend.LimitInForce)
            {
                throw Failed($"{backend.Id} has {seats} connections, {backend.LimitInForce} is its hard limit");
            }

            backend.Seats = seats;
            backend.LimitInForce = backend.HardLimit;
        }
    }

    /// <summary>A loop that turns without anything getting on is a loop that spins.</summary>
    private void CheckBusy(SimulatedLoop loop)
    {
        long progress = _records.Count + loop.Counters.ConnectAttempts + _host.Peers.Sum(static p => p.Sent + p.Received + (p.IsDone ? 1 : 0));
        if (progress != loop.Idle.Progress)
        {
            loop.Idle = (0, Time.NowNs, progress);
            return;
        }

        loop.Idle = loop.Idle with { Turns = loop.Idle.Turns + 1 };
        long bound = IdleTurnsMax + ((Time.NowNs - loop.Idle.SinceNs) / NsPerMs * IdleTurnsPerMs);
        if (loop.Idle.Turns > bound)
        {
            throw Failed($"{loop.Idle.Turns} turns in {(Time.NowNs - loop.Idle.SinceNs) / 1000} us and nothing got on");
        }
    }

    private void CheckRecord(in ConnectionRecord record)
    {
        bool reached = record.Phase is ConnectionPhase.Relaying or ConnectionPhase.HalfClosed;
        bool consistent = record.Reason switch
        {
            CloseReason.Finished => reached && record.EndedBy != EndedBy.Proxy,
            CloseReason.ClientReset or CloseReason.BackendReset or CloseReason.IdleTimeout or CloseReason.LifetimeReached => reached,
            CloseReason.HalfClosedTimeout => record.Phase == ConnectionPhase.HalfClosed,
            CloseReason.ClientGone => !reached && record.EndedBy == EndedBy.Client,
            CloseReason.ProxyHeaderMalformed or CloseReason.ProxyHeaderMissing or CloseReason.ProxyHeaderTimeout
                or CloseReason.ProxyHeaderUntrusted => record.Phase == ConnectionPhase.Header && record.BackendSlot < 0,
            CloseReason.NoBackend or CloseReason.NoHealthyBackend or CloseReason.BackendsFull => record.Attempts == 0 && !reached,
            CloseReason.ConnectFailed or CloseReason.ConnectDeadline => record.Attempts > 0 && !reached && record.LastErrno != 0,
            CloseReason.Shortage => record.LastErrno != 0 || !reached,
            _ => true,
        };
        consistent &= reached == record.ConnectUs > 0 && record.Attempts <= AttemptHistory.Capacity;
        if (!consistent)
        {
            throw Failed($"a record that cannot be: {record.Reason} in {record.Phase} by {record.EndedBy}, "
                + $"{record.Attempts} attempts, slot {record.BackendSlot}, errno {record.LastErrno}, connected in {record.ConnectUs} us");
        }
    }

    private void CheckEnd()
    {
        Equal(0, Connections, "connections left");
        Equal(0, _budget.Current, "places of the budget taken");
        foreach (SimulatedLoop loop in _loops)
        {
            try
            {
                loop.Io.AssertNothingLeft();
            }
            catch (ContractException e)
            {
                throw Failed(e.Message);
            }

            Equal(loop.Io.BuffersMax, loop.Io.BuffersFree, "buffers and buffers free");
            Equal(0, loop.Engine.DescriptorsOpen, "descriptors open");
            Equal(0, loop.Counters.Glitches, "glitches");
            Equal(0, loop.Records.Dropped, "records dropped");
            Tally.SplicedBytes += loop.Counters.SplicedBytes;
            Tally.CopiedBytes += loop.Counters.CopiedBytes;
        }

        foreach (CloseReason reason in Enum.GetValues<CloseReason>())
        {
            int recorded = _records.Count(r => r.Reason == reason);
            Equal(_loops.Sum(l => l.Counters.Closed(reason)), recorded, $"closes counted and recorded as {reason}");
            if (recorded > 0) { Tally.Reasons.Add(reason); }
        }

        Equal(_loops.Sum(static l => l.Counters.Accepted), _records.Count, "connections accepted and records");
        CheckTotals();
        CheckPeers();
        Tally.Records = _records.Count;
        Tally.Faults = _host.World.FaultsStruck;
    }

    private void CheckTotals()
    {
        long connections = 0, upload = 0, download = 0;
        foreach (PlannedBackend backend in _backends)
        {
            int slot = _slots.Find(Encoding.UTF8.GetBytes(backend.Id));
            if (slot < 0) { continue; }
            Equal(0, _slots.Connections(slot), $"seats taken of {backend.Id}");
            SlotTotals totals = _slots.Totals(slot);
            connections += totals.Connections;
            upload += totals.UploadBytes;
            download += totals.DownloadBytes;
        }

        Equal(_records.Count(static r => r.ConnectUs > 0), connections, "connections that reached a backend, recorded and totalled");
        Equal(_records.Sum(static r => r.DownloadBytes), download, "bytes downloaded, recorded and totalled");
        long relayed = _records.Where(static r => r.ConnectUs > 0).Sum(static r => r.UploadBytes);
        if (upload < relayed || upload > _records.Sum(static r => r.UploadBytes)) { throw Failed($"{upload} bytes uploaded totalled, {relayed} recorded"); }
    }

    private void CheckPeers()
    {
        Dictionary<ulong, Peer> byKey = _host.Peers.ToDictionary(static p => p.Key);
        HashSet<ulong> heard = [];
        foreach (Peer peer in _host.Peers)
        {
            if (peer.HeardKey is not { } key) { continue; }
            if (!byKey.TryGetValue(key, out Peer? sender)) { throw Failed($"{peer.Name} hears bytes nobody sent"); }
            if (!heard.Add(key)) { throw Failed($"two hear {sender.Name}"); }
            if (sender.HeardKey is { } other && other != peer.Key) { throw Failed($"{sender.Name} hears another than {peer.Name}, which hears it"); }
            if (peer.Received > sender.Sent) { throw Failed($"{peer.Name} received more than {sender.Name} sent"); }

            // A FIN says: that was all. It may be passed on only after every byte, and only for a FIN.
            if (!peer.SawFin) { continue; }
            if (!sender.SentFin) { throw Failed($"{peer.Name} saw a FIN that {sender.Name} did not send"); }
            Equal(sender.Sent, peer.Received, $"bytes {sender.Name} sent and {peer.Name} received before the FIN");
        }

        if (Storm) { return; }
        foreach (Peer peer in _host.Peers)
        {
            if (!peer.SawFin || peer.SawReset) { throw Failed($"{peer.Name} did not end with a FIN although nothing went wrong"); }
        }

        Equal(_plan.Clients, _records.Count(static r => r.Reason == CloseReason.Finished), "clients and connections finished");
    }

    private void Equal(long expected, long actual, string what)
    {
        if (expected != actual) { throw Failed($"{what}: {expected} against {actual}"); }
    }
}
