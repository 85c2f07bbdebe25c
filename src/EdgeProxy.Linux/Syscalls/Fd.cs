namespace EdgeProxy.Linux;

/// <summary>A connection's descriptor number: a plain value, closed in exactly one place by its owner.</summary>
public readonly record struct Fd(int Number)
{
    public static Fd None => new(-1);

    public bool IsOpen => Number >= 0;
}
