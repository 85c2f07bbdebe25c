using EdgeProxy.Linux;
using EdgeProxy.Telemetry;

namespace EdgeProxy.DataPlane;

/// <summary>What other threads ask of a loop.</summary>
internal readonly record struct LoopMessage(LoopMessageKind Kind, Fd Listener = default, int App = -1, CloseReason Reason = default);
