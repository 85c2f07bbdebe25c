namespace EdgeProxy;

/// <summary>Where a value came from; a later one outranks an earlier one.</summary>
internal enum SettingOrigin
{
    Default,
    File,
    Environment,
    Flag,
}
