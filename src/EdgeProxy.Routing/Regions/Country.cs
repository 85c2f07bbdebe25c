namespace EdgeProxy.Routing;

/// <summary>An ISO 3166-1 country as a small number; 0 is unknown.</summary>
public readonly record struct Country(byte Index)
{
    public static Country None => default;
}
