using EdgeProxy.Routing;

namespace EdgeProxy;

/// <summary>A POP of a mesh that is planned.</summary>
internal sealed class MeshPop(string name, string region, PeerEndpoint? endpoint, PeerKey? publicKey)
{
    /// <summary>Also the name of its key file, so letters, digits and ._- only.</summary>
    public string Name { get; } = name;

    /// <summary>As regions are called in routing.db.</summary>
    public string Region { get; } = region;

    /// <summary>Null for a POP nobody can call, behind NAT.</summary>
    public PeerEndpoint? Endpoint { get; } = endpoint;

    /// <summary>Null while nobody has told it.</summary>
    public PeerKey? PublicKey { get; set; } = publicKey;

    private const int NameLengthMax = 64;

    /// <summary>Reads "name,region,endpoint[,public key]", with commas or blanks; "-" for no endpoint.</summary>
    /// <returns>Null, and what is wrong.</returns>
    public static MeshPop? Parse(string text, out string problem)
    {
        string[] parts = text.Split((char[])[',', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        problem = "";
        if (parts.Length is < 3 or > 4)
        {
            problem = "is not name,region,endpoint with a public key where it is known";
            return null;
        }

        PeerEndpoint endpoint = default;
        PeerKey key = default;
        problem = !IsPlain(parts[0]) ? $"has a name '{parts[0]}' of more than letters, digits and ._-"
            : !IsPlain(parts[1]) ? $"has a region '{parts[1]}' of more than letters, digits and ._-"
            : parts[2] != "-" && !PeerEndpoint.TryParse(parts[2], out endpoint)
                ? $"has an endpoint '{parts[2]}' that is no address or name with a port, and not -"
            : parts.Length == 4 && !PeerKey.TryParse(parts[3], out key) ? $"has a public key '{parts[3]}' that is none"
            : "";
        return problem.Length > 0
            ? null
            : new MeshPop(parts[0], parts[1], parts[2] == "-" ? null : endpoint, parts.Length == 4 ? key : null);
    }

    private static bool IsPlain(string text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-')) { return false; }
        }

        return text.Length is > 0 and <= NameLengthMax && text[0] is not ('.' or '-');
    }
}
