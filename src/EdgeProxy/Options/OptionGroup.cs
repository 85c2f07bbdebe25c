namespace EdgeProxy;

/// <summary>Settings that belong together on the reference page and in --help.</summary>
internal sealed class OptionGroup(string title, string about, IReadOnlyList<Setting> settings)
{
    public string Title { get; } = title;

    public string About { get; } = about;

    public IReadOnlyList<Setting> Settings { get; } = settings;
}
