using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Telemetry;

namespace EdgeProxy.DataPlane;

/// <summary>
/// Everything a loop keeps of one proxied connection: a slot of plain values without references, reused. The number of
/// a slot and its generation make the tokens of its operations.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct Connection : ISlot
{
    internal FlowPair Flows;
    internal IpEndpoint Client;
    internal long AcceptedNs;
    internal long LastActivityMs;
    internal long TimerMs;           // When its timer is due; meaningful while linked.
    internal Fd ClientFd;
    internal Fd BackendFd;
    internal int Index;
    internal uint Generation;
    internal int TimerNext;
    internal int TimerPrevious;
    internal int App;
    internal int BackendSlot;
    internal int Setup;              // -1 when it has none any more.
    internal uint WaitUs;
    internal uint ConnectUs;
    internal short TimerSlot;        // -1 when in no timer slot.
    internal ushort LastErrno;
    internal byte Attempts;
    internal ConnectionState State;
    internal CloseReason Reason;
    internal EndedBy EndedBy;
    internal Country Country;
    internal bool HasEnded;          // EndedBy is set.
    internal bool SeatHeld;
    internal bool FromBinding;
    internal bool Connecting;        // The connect operation is in flight.
    internal bool AttemptTimedOut;
    internal bool ResetClient;
    internal bool ResetBackend;
    internal bool KeepAliveSet;

    [UnscopedRef]
    internal ref Flow Upload => ref Flows[(int)FlowSide.Upload];

    [UnscopedRef]
    internal ref Flow Download => ref Flows[(int)FlowSide.Download];

    /// <summary>A free slot is in no timer slot, so the chains share a field.</summary>
    public int NextFree
    {
        readonly get => TimerNext;
        set => TimerNext = value;
    }

    internal readonly int OperationsInFlight => (Connecting ? 1 : 0)
        + Flows[(int)FlowSide.Upload].OperationsInFlight + Flows[(int)FlowSide.Download].OperationsInFlight;

    internal readonly Fd Source(FlowSide side) => side == FlowSide.Upload ? ClientFd : BackendFd;

    internal readonly Fd Target(FlowSide side) => side == FlowSide.Upload ? BackendFd : ClientFd;

    internal readonly ulong Token(OperationKind kind) => OperationToken.Make(kind, Index, Generation);

    /// <summary>The one place where a connection changes its state.</summary>
    internal void Enter(ConnectionState next)
    {
        bool allowed = (State, next) switch
        {
            (ConnectionState.Free, ConnectionState.Header or ConnectionState.Connecting) => true,
            (ConnectionState.Header, ConnectionState.Connecting) => true,
            (ConnectionState.Connecting, ConnectionState.Relaying) => true,
            (ConnectionState.Relaying, ConnectionState.Resetting) => true,
            (not ConnectionState.Free and not ConnectionState.Closing, ConnectionState.Closing) => true,
            (ConnectionState.Closing, ConnectionState.Free) => true,
            _ => false,
        };
        Invariant.Holds(allowed);
        State = next;
    }
}
