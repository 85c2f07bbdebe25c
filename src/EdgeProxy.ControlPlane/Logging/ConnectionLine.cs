using EdgeProxy.Linux;
using EdgeProxy.Telemetry;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// The log line of one closed connection. Its keys are documented in docs/reference/connection-log.md; a field that
/// says nothing (no country, no error, a peer that is the client) is left out.
/// </summary>
internal static class ConnectionLine
{
    private static readonly Words<CloseReason> s_reasons = new();
    private static readonly Words<EndedBy> s_endedBy = new();
    private static readonly Words<ConnectionPhase> s_phases = new();
    private static readonly ErrnoNames s_errnos = new();

    /// <param name="line">An empty line.</param>
    /// <param name="record">What the loop knew.</param>
    /// <param name="country">Two letters, or empty.</param>
    /// <param name="app">The app's name, or empty when it is gone.</param>
    /// <param name="backend">The backend's id, or empty when none was reached.</param>
    /// <returns>The finished line.</returns>
    public static ReadOnlySpan<byte> Write(
        scoped ref LineBuilder line,
        in ConnectionRecord record,
        ReadOnlySpan<byte> country,
        ReadOnlySpan<char> app,
        ReadOnlySpan<byte> backend)
    {
        line.AddTime("ts"u8, DateTime.UnixEpoch.AddTicks(record.ClosedAtUnixMs * TimeSpan.TicksPerMillisecond));
        line.Add("msg"u8, "connection"u8);
        line.Add("client"u8, record.Client);
        if (record.Peer != record.Client) { line.Add("peer"u8, record.Peer); }
        if (!country.IsEmpty) { line.Add("country"u8, country); }
        if (!app.IsEmpty) { line.Add("app"u8, app); }
        if (!backend.IsEmpty) { line.Add("backend"u8, backend); }
        if (record.FromBinding) { line.Add("bound"u8, 1); }
        line.Add("attempts"u8, record.Attempts);
        line.Add("upload_bytes"u8, record.UploadBytes);
        line.Add("download_bytes"u8, record.DownloadBytes);
        line.Add("wait_us"u8, record.WaitUs);
        line.Add("connect_us"u8, record.ConnectUs);
        line.Add("total_us"u8, record.TotalUs);
        line.Add("ended_by"u8, s_endedBy[(int)record.EndedBy]);
        line.Add("phase"u8, s_phases[(int)record.Phase]);
        line.Add("reason"u8, s_reasons[(int)record.Reason]);
        if (record.LastErrno != 0) { line.Add("errno"u8, s_errnos[(Errno)record.LastErrno]); }
        return line.End();
    }
}
