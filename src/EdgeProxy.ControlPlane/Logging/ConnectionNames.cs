using System.Text;
using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>The words for the numbers in a connection record, without allocating.</summary>
internal sealed class ConnectionNames(AppIds apps, BackendSlots slots)
{
    private static readonly byte[][] s_countries = CountryCodes();

    /// <summary>Two letters, or nothing.</summary>
    public static ReadOnlySpan<byte> Country(Country country) => s_countries[country.Index];

    /// <summary>The app's name.</summary>
    public ReadOnlySpan<char> App(int appId) => apps.Name(appId);

    /// <summary>The backend's id; nothing when none was reached.</summary>
    public ReadOnlySpan<byte> Backend(int slot) => slot < 0 ? default : slots.IdUtf8(slot);

    private static byte[][] CountryCodes()
    {
        byte[][] codes = new byte[Routing.Country.Count][];
        for (int i = 0; i < codes.Length; i++) { codes[i] = Encoding.ASCII.GetBytes(new Country((byte)i).ToString()); }
        return codes;
    }
}
