namespace EdgeProxy.Routing;

/// <summary>
/// The regions a routing.db starts with and the one each country belongs to; operators edit both as rows of
/// <c>regions</c>. A country goes where its cables go, which is not always the nearest place on a map.
/// </summary>
public static class DefaultRegions
{
    // South America, and what lies off its coast.
    private const string SouthAmerica = "AR BO BR CL CO EC FK GF GS GY PE PY SR UY VE";

    // Bases at the bottom of the world reach it by way of Patagonia.
    private const string Antarctic = "AQ BV";

    // Canada and Mexico, with what hangs on their networks.
    private const string NorthAmerica = "BM CA GL MX PM US";

    // Central America: its cables run to Florida.
    private const string CentralAmerica = "BZ CR GT HN NI PA SV";

    // The Caribbean: likewise.
    private const string Caribbean =
        "AG AI AW BB BL BQ BS CU CW DM DO GD GP HT JM KN KY LC MF MQ MS PR SX TC TT VC VG VI";

    // Pacific islands whose cable ends in Hawaii.
    private const string HawaiianCables = "AS PF UM";

    // Europe from Iceland to Russia.
    private const string Europe =
        "AD AL AT AX BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME MK "
        + "MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA";

    // Turkey and the Caucasus: through the Balkans and the Black Sea.
    private const string Caucasus = "AM AZ GE TR";

    // Central Asia: its transit is Russian, and ends in Frankfurt before it ends in Tokyo.
    private const string CentralAsia = "AF KG KZ TJ TM UZ";

    // The Middle East: through the Red Sea and overland to Marseille and Frankfurt.
    private const string MiddleEast = "AE BH IL IQ IR JO KW LB OM PS QA SA SY YE";

    // North Africa: across the Mediterranean.
    private const string NorthAfrica = "DZ EG EH LY MA SD TN";

    // West and middle Africa: up the Atlantic coast to Lisbon and London.
    private const string WestAfrica = "AO BF BJ CD CF CG CI CM CV GA GH GM GN GQ GW LR ML MR NE NG SH SL SN ST TD TG";

    // East Africa and its islands: through the Red Sea to Marseille.
    private const string EastAfrica = "BI DJ ER ET KE KM MG MU MW RE RW SC SO SS TF TZ UG YT";

    // Southern Africa: both coasts' cables end in Europe.
    private const string SouthernAfrica = "BW LS MZ NA SZ ZA ZM ZW";

    // East Asia.
    private const string EastAsia = "CN HK JP KP KR MN MO TW";

    // South Asia: a little nearer to Singapore than to Marseille.
    private const string SouthAsia = "BD BT IN IO LK MV NP PK";

    // South-East Asia.
    private const string SouthEastAsia = "BN ID KH LA MM MY PH SG TH TL VN";

    // Oceania: its hubs are Sydney, Auckland, Fiji and Guam.
    private const string Oceania = "AU CC CK CX FJ FM GU HM KI MH MP NC NF NR NU NZ PG PN PW SB TK TO TV VU WF WS";

    private static readonly string[] s_names = ["sa", "us", "eu", "ap"];

    private static readonly string[] s_countries =
    [
        $"{SouthAmerica} {Antarctic}",
        $"{NorthAmerica} {CentralAmerica} {Caribbean} {HawaiianCables}",
        $"{Europe} {Caucasus} {CentralAsia} {MiddleEast} {NorthAfrica} {WestAfrica} {EastAfrica} {SouthernAfrica}",
        $"{EastAsia} {SouthAsia} {SouthEastAsia} {Oceania}",
    ];

    private static readonly string[] s_defaultCountries = ["BR", "US", "DE", "JP"];

    private static readonly byte[] s_regionByCountry = RegionByCountry();

    /// <summary>sa, us, eu and ap.</summary>
    public static IReadOnlyList<string> Names => s_names;

    /// <summary>The name of a country's region; nothing for <see cref="Country.None"/>.</summary>
    public static string RegionOf(Country country) => country == Country.None ? "" : s_names[s_regionByCountry[country.Index]];

    /// <summary>
    /// The country of a backend that names only its region; none for a region that is not one of these.
    /// </summary>
    public static Country DefaultCountryOf(string region)
    {
        int index = Array.IndexOf(s_names, region);
        return index >= 0 && Country.TryParse(s_defaultCountries[index].AsSpan(), out Country country)
            ? country
            : Country.None;
    }

    private static byte[] RegionByCountry()
    {
        byte[] regions = new byte[Country.Count];
        int assigned = 0;
        for (int region = 0; region < s_countries.Length; region++)
        {
            foreach (Range code in s_countries[region].AsSpan().Split(' '))
            {
                Invariant.Holds(Country.TryParse(s_countries[region].AsSpan(code), out Country country));
                regions[country.Index] = (byte)region;
                assigned++;
            }
        }

        Invariant.Holds(assigned == Country.Count - 1);
        return regions;
    }
}
