using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>Everything to be known about following the files; written by the reload thread, read by anybody.</summary>
internal sealed class ReloadStatus(TimeProvider time, bool followsGeo)
{
    private volatile IReadOnlyList<RowProblem> _problems = [];

    public FileStatus Table { get; } = new(time);

    public FileStatus Geo { get; } = new(time);

    /// <summary>False when the embedded geo data is in use: there is no file to follow.</summary>
    public bool FollowsGeo => followsGeo;

    /// <summary>The rows of the table in use that could not be used as they are.</summary>
    public IReadOnlyList<RowProblem> Problems
    {
        get => _problems;
        set => _problems = value;
    }
}
