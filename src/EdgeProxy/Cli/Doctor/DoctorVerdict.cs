namespace EdgeProxy;

/// <summary>How much a finding matters.</summary>
internal enum DoctorVerdict
{
    Good,

    /// <summary>It works; the cure buys what the finding says.</summary>
    Advice,

    /// <summary>It will hurt.</summary>
    Bad,
}
