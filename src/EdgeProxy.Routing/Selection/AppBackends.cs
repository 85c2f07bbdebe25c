namespace EdgeProxy.Routing;

/// <summary>
/// Where one app's backends lie in its table and in the selection index: a top group for all of them, one per region,
/// one per country; <see cref="SelectionIndex.NoGroup"/> where there are none.
/// </summary>
internal sealed class AppBackends
{
    /// <summary>Of an app without backends.</summary>
    public static AppBackends Empty { get; } = new()
    {
        First = 0,
        End = 0,
        OpenCount = 0,
        AllTop = SelectionIndex.NoGroup,
        RegionTops = [],
        CountryTops = [],
    };

    /// <summary>The app's backends in the table: from First up to, not including, End.</summary>
    public required int First { get; init; }

    public required int End { get; init; }

    /// <summary>Those the table lets take new clients.</summary>
    public required int OpenCount { get; init; }

    public required int AllTop { get; init; }

    public required int[] RegionTops { get; init; }

    public required int[] CountryTops { get; init; }

    public int Count => End - First;

    public bool Contains(int backend) => backend >= First && backend < End;

    public int RegionTop(int region) => region < 0 ? SelectionIndex.NoGroup : RegionTops[region];

    public int CountryTop(Country country) => CountryTops[country.Index];
}
