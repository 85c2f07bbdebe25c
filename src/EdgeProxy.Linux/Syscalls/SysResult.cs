namespace EdgeProxy.Linux;

/// <summary>
/// What a system call returned: a count or descriptor at zero or above, or the negated errno below it.
/// </summary>
public readonly record struct SysResult(int Value)
{
    public bool Ok => Value >= 0;

    public Errno Error => Value < 0 ? (Errno)(-Value) : Errno.None;

    public static SysResult Failed(Errno error) => new(-(int)error);
}
