using System.Runtime.InteropServices;

namespace EdgeProxy.Linux;

/// <summary><c>struct io_uring_params</c>, 120 bytes (io_uring_setup(2)).</summary>
[StructLayout(LayoutKind.Explicit, Size = 120)]
internal struct UringParameters
{
    [FieldOffset(0)] internal uint SubmissionEntries;
    [FieldOffset(4)] internal uint CompletionEntries;
    [FieldOffset(8)] internal uint Flags;
    [FieldOffset(20)] internal uint Features;
    [FieldOffset(40)] internal uint SubmissionHead;
    [FieldOffset(44)] internal uint SubmissionTail;
    [FieldOffset(56)] internal uint SubmissionFlags;
    [FieldOffset(64)] internal uint SubmissionArray;
    [FieldOffset(80)] internal uint CompletionHead;
    [FieldOffset(84)] internal uint CompletionTail;
    [FieldOffset(100)] internal uint CompletionArray;
}
