using EdgeProxy.Routing;

namespace EdgeProxy.DataPlane;

/// <summary>What <see cref="ProxyHeaderParser.Parse"/> found.</summary>
internal readonly struct ProxyHeaderParse
{
    public ProxyHeaderOutcome Outcome { get; private init; }

    /// <summary>Why, when <see cref="Outcome"/> is <see cref="ProxyHeaderOutcome.Malformed"/>.</summary>
    public ProxyHeaderProblem Problem { get; private init; }

    /// <summary>Length of a parsed header; the client's own bytes begin behind it.</summary>
    public int HeaderBytes { get; private init; }

    /// <summary>False for LOCAL, UNKNOWN, UNSPEC and UNIX: the TCP peer itself is the client.</summary>
    public bool HasAddresses { get; private init; }

    /// <summary>The client; meaningful only with <see cref="HasAddresses"/>.</summary>
    public IpEndpoint Source { get; private init; }

    /// <summary>Where the client had connected to; meaningful only with <see cref="HasAddresses"/>.</summary>
    public IpEndpoint Destination { get; private init; }

    public static ProxyHeaderParse NeedMore => new() { Outcome = ProxyHeaderOutcome.NeedMore };

    public static ProxyHeaderParse NotAHeader => new() { Outcome = ProxyHeaderOutcome.NotAHeader };

    public static ProxyHeaderParse Malformed(ProxyHeaderProblem problem) =>
        new() { Outcome = ProxyHeaderOutcome.Malformed, Problem = problem };

    public static ProxyHeaderParse WithoutAddresses(int headerBytes) =>
        new() { Outcome = ProxyHeaderOutcome.Parsed, HeaderBytes = headerBytes };

    public static ProxyHeaderParse WithAddresses(int headerBytes, IpEndpoint source, IpEndpoint destination) => new()
    {
        Outcome = ProxyHeaderOutcome.Parsed,
        HeaderBytes = headerBytes,
        HasAddresses = true,
        Source = source,
        Destination = destination,
    };
}
