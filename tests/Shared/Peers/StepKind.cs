namespace EdgeProxy.Testing;

/// <summary>What one step of a peer's script does.</summary>
internal enum StepKind
{
    Send,
    SendText,
    Expect,
    ExpectText,
    ExpectHeader,
    ExpectFin,
    ExpectReset,
    ExpectEnd,
    Finish,
    Reset,
    Close,
    Pause,
    Signal,
    Await,
}
