using System.Globalization;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>One line of `wg show INTERFACE dump` (wg(8)).</summary>
/// <param name="Endpoint">Where it is; "(none)" when nobody knows.</param>
/// <param name="AllowedIps">As `wg` lists them.</param>
/// <param name="Handshake">Seconds since 1970 of the latest; 0 for none.</param>
/// <param name="ReceivedBytes">From it.</param>
/// <param name="SentBytes">To it.</param>
internal sealed record ShownPeer(string Endpoint, string AllowedIps, long Handshake, long ReceivedBytes, long SentBytes)
{
    /// <returns>Null when there is no such peer.</returns>
    public static ShownPeer? Read(string device, string publicKey)
    {
        foreach (string line in Programs.Output("wg", "show", device, "dump").Split('\n').Skip(1))
        {
            string[] fields = line.Split('\t');
            if (fields[0] != publicKey) { continue; }
            return new ShownPeer(fields[2], fields[3], Number(fields[4]), Number(fields[5]), Number(fields[6]));
        }

        return null;
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
