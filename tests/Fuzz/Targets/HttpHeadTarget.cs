using EdgeProxy.ControlPlane;

namespace EdgeProxy.Fuzz;

/// <summary>
/// A request to the metrics page: decided within the bound, the same in pieces as in one, and what is taken keeps to
/// what RFC 9112 lets a method and a path be made of.
/// </summary>
internal static class HttpHeadTarget
{
    public static void Run(ReadOnlySpan<byte> input)
    {
        HttpHeadOutcome whole = HttpHead.Read(input, out HttpHead head);
        Truth.Holds(whole != HttpHeadOutcome.Incomplete || input.Length < HttpHead.BytesMax, "no head is waited for beyond its bound");
        if (whole == HttpHeadOutcome.Complete)
        {
            Truth.Holds(head.Path.Length <= HttpHead.TargetBytesMax, "a path is bounded");
            Truth.Holds(head.Path is [(byte)'/' or (byte)'*', ..], "a path begins as one does");
            Truth.Holds(!head.Path.ContainsAnyExceptInRange((byte)0x21, (byte)0x7E), "a path is printable");
            Truth.Holds(head.Method.Length > 0 && !head.Method.ContainsAnyExceptInRange((byte)0x21, (byte)0x7E), "a method is a word");
        }

        CheckFragments(input, whole, head);
    }

    private static void CheckFragments(ReadOnlySpan<byte> input, HttpHeadOutcome whole, scoped in HttpHead head)
    {
        // Every cut near an end and a spread of the rest: all of them would make a run as long as its input squared.
        int step = 1 + (input.Length / 256);
        for (int length = 0; length <= input.Length; length += step)
        {
            HttpHeadOutcome part = HttpHead.Read(input[..length], out HttpHead partHead);
            if (part == HttpHeadOutcome.Incomplete) { continue; }

            // Which refusal it is may differ: a line too long is refused before its end could show what else is wrong.
            bool isSameVerdict = part == HttpHeadOutcome.Complete == (whole == HttpHeadOutcome.Complete);
            Truth.Holds(isSameVerdict, $"the first {length} bytes are judged as all {input.Length} are ({part}, {whole})");
            bool isSame = partHead.Path.SequenceEqual(head.Path) && partHead.Method.SequenceEqual(head.Method);
            Truth.Holds(whole != HttpHeadOutcome.Complete || isSame, "a head that is taken means the same");
            return;
        }
    }
}
