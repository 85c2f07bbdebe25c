namespace EdgeProxy;

/// <summary>Where a value came from, precisely enough to go there and change it.</summary>
/// <param name="Origin">The rank of the source.</param>
/// <param name="Place">"edgeproxy.toml:3:1", "EDGEPROXY_WORKERS" or "--workers"; empty for a default.</param>
internal readonly record struct SettingSource(SettingOrigin Origin, string Place)
{
    public static SettingSource Default => new(SettingOrigin.Default, "");

    public override string ToString() => Origin switch
    {
        SettingOrigin.Default => "default",
        SettingOrigin.File => $"file {Place}",
        SettingOrigin.Environment => $"environment {Place}",
        SettingOrigin.Flag => $"flag {Place}",
        _ => Place,
    };
}
