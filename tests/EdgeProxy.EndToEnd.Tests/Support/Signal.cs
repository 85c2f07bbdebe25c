namespace EdgeProxy.EndToEnd.Tests;

/// <summary>Numbers of signal(7) on every Linux this runs on.</summary>
public enum Signal
{
    HangUp = 1,
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}
