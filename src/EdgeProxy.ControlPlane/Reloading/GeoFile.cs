using EdgeProxy.Linux;
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

    private FileFacts _stamp;
    private bool _looked;

    /// <summary>Looks whether the file has changed and reads it if so.</summary>
    /// <param name="error">Why a changed file cannot be used, with the cure; null otherwise.</param>
    /// <returns>The new table; null when nothing changed or the file cannot be used.</returns>
    public GeoTable? ReadIfChanged(out string? error)
    {
        error = null;
        try
        {
            // Taken before the read: a change during it is seen at the next look.
            FileFacts stamp = FileFacts.Read(path) with { TakenNs = 0 };
            if (_looked && stamp == _stamp)
            {
                if (status.Error is null) { status.Confirmed(); }
                return null;
            }

            _looked = true;
            _stamp = stamp;
            return Read(stamp);
        }
        catch (Exception failure) when (failure is GeoFileException or IOException or UnauthorizedAccessException)
        {
            error = failure is GeoFileException ? failure.Message : $"{path}: cannot be read: {failure.Message}";
            return null;
        }
    }

    private GeoTable Read(in FileFacts file)
    {
        if (file.Inode == 0)
        {
            throw new GeoFileException($"{path}: there is no such file. Put it there, or set EDGEPROXY_GEOIP_PATH to where it is.");
        }

        if (file.Length > BytesMax)
        {
            throw new GeoFileException($"{path}: {file.Length} bytes, {BytesMax} is the most. Set EDGEPROXY_GEOIP_PATH to an MMDB file.");
        }

        return MmdbReader.Read(File.ReadAllBytes(path), path);
    }
}
