using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// Follows an MMDB file: read wholly into memory when its stamp changes (a mapped file that is truncated in place would
/// end the process with SIGBUS), checked, and only then handed on. One thread uses it.
/// </summary>
internal sealed class GeoFile(string path, FileStatus status)
{
    /// <summary>Larger than any country or city database there is; what is larger is something else.</summary>
    private const long BytesMax = 1L << 30;

    private (long Length, DateTime Changed) _stamp;

    /// <summary>Looks whether the file has changed and reads it if so.</summary>
    /// <param name="error">Why a changed file cannot be used, with the cure; null otherwise.</param>
    /// <returns>The new table; null when nothing changed or the file cannot be used.</returns>
    public GeoTable? ReadIfChanged(out string? error)
    {
        error = null;
        try
        {
            FileInfo file = new(path);
            (long Length, DateTime Changed) stamp = file.Exists ? (file.Length, file.LastWriteTimeUtc) : (-1, default);
            if (stamp == _stamp)
            {
                if (status.Error is null) { status.Confirmed(); }
                return null;
            }

            _stamp = stamp;
            return Read(stamp.Length);
        }
        catch (Exception failure) when (failure is GeoFileException or IOException or UnauthorizedAccessException)
        {
            error = failure is GeoFileException ? failure.Message : $"{path}: cannot be read: {failure.Message}";
            return null;
        }
    }

    private GeoTable Read(long length)
    {
        if (length < 0)
        {
            throw new GeoFileException($"{path}: there is no such file. Put it there, or set EDGEPROXY_GEOIP_PATH to where it is.");
        }

        if (length > BytesMax)
        {
            throw new GeoFileException($"{path}: {length} bytes, {BytesMax} is the most. Set EDGEPROXY_GEOIP_PATH to an MMDB file.");
        }

        return MmdbReader.Read(File.ReadAllBytes(path), path);
    }
}
