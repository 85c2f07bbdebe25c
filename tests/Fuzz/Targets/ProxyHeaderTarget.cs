using EdgeProxy.DataPlane;
using EdgeProxy.Routing;

namespace EdgeProxy.Fuzz;

/// <summary>
/// The first bytes of a connection: whatever they are, the parser says the same however they were cut into pieces,
/// agrees with a parser written from the specification alone, and what it accepts means the same when written again.
/// </summary>
internal static class ProxyHeaderTarget
{
    public static void Run(ReadOnlySpan<byte> input)
    {
        ProxyHeaderParse whole = ProxyHeaderParser.Parse(input);
        CheckBounds(input, whole);
        CheckFragments(input, whole);
        CheckAgainstNaive(input, whole);
        if (whole is { Outcome: ProxyHeaderOutcome.Parsed, HasAddresses: true })
        {
            CheckRewritten(ProxyProtocolOut.V1, whole);
            CheckRewritten(ProxyProtocolOut.V2, whole);
        }
    }

    private static void CheckBounds(ReadOnlySpan<byte> input, in ProxyHeaderParse whole)
    {
        bool wantsMore = whole.Outcome == ProxyHeaderOutcome.NeedMore;
        Truth.Holds(!wantsMore || input.Length < ProxyHeaderParser.BytesMax, "the longest header is never waited beyond");
        Truth.Holds(
            whole.Outcome != ProxyHeaderOutcome.Parsed || (whole.HeaderBytes > 0 && whole.HeaderBytes <= input.Length),
            "a header is no longer than what was read");
        Truth.Holds(
            whole.Outcome == ProxyHeaderOutcome.Malformed == (whole.Problem != ProxyHeaderProblem.None),
            "what is malformed says why, and nothing else does");
    }

    /// <summary>A prefix is undecided or says what the whole says: no verdict is ever taken back.</summary>
    private static void CheckFragments(ReadOnlySpan<byte> input, in ProxyHeaderParse whole)
    {
        int longest = Math.Min(input.Length, ProxyHeaderParser.BytesMax);
        for (int length = 0; length <= longest; length++)
        {
            ProxyHeaderParse part = ProxyHeaderParser.Parse(input[..length]);
            if (part.Outcome == ProxyHeaderOutcome.NeedMore) { continue; }
            Truth.Holds(AreSame(part, whole), $"the first {length} bytes say what all {input.Length} say");
            return;
        }
    }

    private static void CheckAgainstNaive(ReadOnlySpan<byte> input, in ProxyHeaderParse whole)
    {
        NaiveProxyHeader naive = NaiveProxyHeader.Parse(input.ToArray());
        if (naive.Kind == NaiveKind.Undecided) { return; }
        Truth.Holds((naive.Kind == NaiveKind.Accepted) == (whole.Outcome == ProxyHeaderOutcome.Parsed),
            $"both accept or neither does ({naive.Kind}, {whole.Outcome}, {whole.Problem})");
        if (naive.Kind != NaiveKind.Accepted) { return; }
        Truth.Holds(naive.HeaderBytes == whole.HeaderBytes, $"both end in the same place ({naive.HeaderBytes}, {whole.HeaderBytes})");
        Truth.Holds(naive.Source is not null == whole.HasAddresses, "both find addresses or neither does");
        if (naive.Source is null) { return; }
        Truth.Holds(naive.Source == whole.Source.ToString(), $"both read the same client ({naive.Source}, {whole.Source})");
        Truth.Holds(
            naive.Destination == whole.Destination.ToString(), $"both read the same destination ({naive.Destination}, {whole.Destination})");
    }

    private static void CheckRewritten(ProxyProtocolOut version, in ProxyHeaderParse whole)
    {
        byte[] bytes = new byte[ProxyHeaderWriter.BytesMax];
        int length = ProxyHeaderWriter.Write(
            bytes, version, whole.Source, whole.Destination, ProxyTlvs.Checksum, 1, Country.None, default);
        ProxyHeaderParse again = ProxyHeaderParser.Parse(bytes.AsSpan(0, length));
        Truth.Holds(again.Outcome == ProxyHeaderOutcome.Parsed && again.HeaderBytes == length, $"what {version} writes is read");
        Truth.Holds(
            again.HasAddresses && again.Source == whole.Source && again.Destination == whole.Destination,
            $"{version} means the same when written again");
    }

    private static bool AreSame(in ProxyHeaderParse one, in ProxyHeaderParse other) =>
        one.Outcome == other.Outcome && one.Problem == other.Problem && one.HeaderBytes == other.HeaderBytes
        && one.HasAddresses == other.HasAddresses && one.Source == other.Source && one.Destination == other.Destination;
}
