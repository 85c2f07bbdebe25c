using System.Text;
using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>The words for the numbers in a connection record, without allocating.</summary>
internal sealed class ConnectionNames(AppIds apps, BackendSlots slots)
{
    private static readonly byte[][] s_countries =
    [
        .. Enumerable.Range(0, Routing.Country.Count)
            .Select(static index => Encoding.ASCII.GetBytes(new Country((byte)index).ToString())),
    ];

    /// <summary>Two letters, or nothing.</summary>
    public static ReadOnlySpan<byte> Country(Country country) => s_countries[country.Index];

    /// <summary>The app's name.</summary>
    public ReadOnlySpan<char> App(int appId) => apps.Name(appId);

    /// <summary>The backend's id; nothing when none was reached.</summary>
    public ReadOnlySpan<byte> Backend(int slot) => slot < 0 ? default : slots.IdUtf8(slot);
}
