using EdgeProxy.Linux;
using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>The slow side of a tunnel that runs without a proxy: its log, and the socket `wg` talks to.</summary>
public sealed class LoneDevice : IDisposable
{
    private static readonly Fd s_standardError = new(2);

    private readonly LogThread _logThread;
    private ServingThread? _serving;

    public LoneDevice(LogLevel level, LogFormat format)
    {
        Log = new EventLog(level, format);
        ConnectionLog none = new(ConnectionLogMode.Off, format);
        _logThread = new LogThread(Log, none, s_standardError, s_standardError);
        _logThread.Start();
    }

    public EventLog Log { get; }

    /// <summary>Answers `wg` about a device from here on.</summary>
    /// <returns>Why not, with the cure; null when it does.</returns>
    public string? Serve(string name, ITunnelDevice device)
    {
        Fd listener = UapiSocket.Open(UapiSocket.DirectoryDefault, name, out string? problem);
        if (problem is not null) { return problem; }
        _serving = new ServingThread([new UapiService(listener, UapiSocket.DirectoryDefault, name, device, Log)]);
        _serving.Start();
        return null;
    }

    public void Dispose()
    {
        _serving?.Dispose();
        _logThread.Stop();
        Log.Dispose();
    }
}
