using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>Everything to be known about following the files; written by the reload thread, read by anybody.</summary>
internal sealed class ReloadStatus(TimeProvider time, bool followsGeo)
{
    private volatile IReadOnlyList<RowProblem> _problems = [];
    private volatile Func<IReadOnlyList<RowProblem>>? _peerProblems;

    public FileStatus Table { get; } = new(time);

    public FileStatus Geo { get; } = new(time);

    /// <summary>False when the embedded geo data is in use: there is no file to follow.</summary>
    public bool FollowsGeo => followsGeo;

    /// <summary>Peers whose names do not resolve; null without a tunnel.</summary>
    public Func<IReadOnlyList<RowProblem>>? PeerProblems
    {
        set => _peerProblems = value;
    }

    /// <summary>
    /// The rows of the table in use that could not be used as they are, and the peers whose names lead nowhere.
    /// </summary>
    public IReadOnlyList<RowProblem> Problems
    {
        get => _peerProblems?.Invoke() is { Count: > 0 } peers ? [.. _problems, .. peers] : _problems;
        set => _problems = value;
    }
}
