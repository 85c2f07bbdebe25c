using EdgeProxy.ControlPlane;

namespace EdgeProxy.Fuzz;

/// <summary>A line on the admin socket: a request within its bounds that means the same when written again, or a reason.</summary>
internal static class AdminRequestTarget
{
    public static void Run(ReadOnlySpan<byte> input)
    {
        AdminRequest? request = AdminRequest.Read(input, out string problem);
        if (request is null)
        {
            Truth.Holds(problem.Length > 0, "a refusal says why");
            return;
        }

        Truth.Holds(request.Limit is >= 1 and <= AdminRequest.LimitMax, "a limit is within its bounds");
        Truth.Holds(request.After >= 0, "a place to go on from is not negative");
        byte[] line = request.ToLine();
        Truth.Holds(line.AsSpan().IndexOf((byte)'\n') == line.Length - 1, "a request is one line");
        Truth.Holds(request == AdminRequest.Read(line.AsSpan(0, line.Length - 1), out _), "a request means the same when written again");
    }
}
