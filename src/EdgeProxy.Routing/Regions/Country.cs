namespace EdgeProxy.Routing;

/// <summary>
/// A country as a small number: 1 to 249 are the ISO 3166-1 alpha-2 codes in alphabetical order, 0 is unknown. Codes
/// that are not in the standard (XK, EU, A1, ZZ …) are unknown too.
/// </summary>
public readonly record struct Country(byte Index)
{
    /// <summary>Countries and <see cref="None"/>: the length of an array with a place for each.</summary>
    public const int Count = 250;

    private const string Codes =
        "ADAEAFAGAIALAMAOAQARASATAUAWAXAZ" +
        "BABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZ" +
        "CACCCDCFCGCHCICKCLCMCNCOCRCUCVCWCXCYCZ" +
        "DEDJDKDMDODZ" +
        "ECEEEGEHERESET" +
        "FIFJFKFMFOFR" +
        "GAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGY" +
        "HKHMHNHRHTHU" +
        "IDIEILIMINIOIQIRISIT" +
        "JEJMJOJP" +
        "KEKGKHKIKMKNKPKRKWKYKZ" +
        "LALBLCLILKLRLSLTLULVLY" +
        "MAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZ" +
        "NANCNENFNGNINLNONPNRNUNZ" +
        "OM" +
        "PAPEPFPGPHPKPLPMPNPRPSPTPWPY" +
        "QA" +
        "RERORSRURW" +
        "SASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZ" +
        "TCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZ" +
        "UAUGUMUSUYUZ" +
        "VAVCVEVGVIVNVU" +
        "WFWS" +
        "YEYT" +
        "ZAZMZW";

    private const int Letters = 26;

    private static readonly byte[] s_indexByLetters = IndexByLetters();

    public static Country None => default;

    /// <summary>Reads a two-letter code in either case.</summary>
    public static bool TryParse(ReadOnlySpan<char> code, out Country country)
    {
        country = code.Length == 2 ? FromLetters(code[0], code[1]) : None;
        return country != None;
    }

    /// <summary>Reads a two-letter code in either case from UTF-8.</summary>
    public static bool TryParse(ReadOnlySpan<byte> code, out Country country)
    {
        country = code.Length == 2 ? FromLetters(code[0], code[1]) : None;
        return country != None;
    }

    /// <summary>Every country, alphabetically, without <see cref="None"/>.</summary>
    public static IEnumerable<Country> GetAll()
    {
        for (int index = 1; index < Count; index++) { yield return new Country((byte)index); }
    }

    /// <summary>The two upper-case letters, or nothing for <see cref="None"/>; a view, nothing is allocated.</summary>
    public ReadOnlySpan<char> Code => Index is 0 or >= Count ? default : Codes.AsSpan((Index - 1) * 2, 2);

    /// <summary><see cref="Code"/> as a string.</summary>
    public override string ToString() => Code.ToString();

    private static Country FromLetters(int first, int second)
    {
        // Setting bit 5 makes an ASCII letter lower case; what was no letter falls outside a..z.
        uint row = (uint)((first | 0x20) - 'a');
        uint column = (uint)((second | 0x20) - 'a');
        return row < Letters && column < Letters ? new Country(s_indexByLetters[(row * Letters) + column]) : None;
    }

    private static byte[] IndexByLetters()
    {
        byte[] table = new byte[Letters * Letters];
        for (int i = 0; i < Codes.Length; i += 2)
        {
            table[((Codes[i] - 'A') * Letters) + Codes[i + 1] - 'A'] = (byte)((i / 2) + 1);
        }

        return table;
    }
}
