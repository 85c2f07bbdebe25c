namespace EdgeProxy;

/// <summary>Settings that belong together on the reference page and in --help.</summary>
internal sealed record OptionGroup(string Title, string About, IReadOnlyList<Setting> Settings);
