namespace EdgeProxy.Routing;

/// <summary>What a backend has done since it was first seen.</summary>
/// <param name="Connections">Connections that reached it.</param>
/// <param name="Errors">Attempts that did not.</param>
/// <param name="UploadBytes">From clients to it.</param>
/// <param name="DownloadBytes">From it to clients.</param>
public readonly record struct SlotTotals(long Connections, long Errors, long UploadBytes, long DownloadBytes);
