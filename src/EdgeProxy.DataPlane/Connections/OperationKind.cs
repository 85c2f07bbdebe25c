namespace EdgeProxy.DataPlane;

/// <summary>What an operation was for: the top byte of its token.</summary>
internal enum OperationKind : byte
{
    Accept = 1,
    Connect,
    ReceiveUpload,
    ReceiveDownload,
    SendUpload,
    SendDownload,
    PollUploadSource,
    PollDownloadSource,
    PollUploadTarget,
    PollDownloadTarget,
}
