namespace EdgeProxy.Architecture.Tests;

/// <summary>Uses the half of <see cref="PublicOffender"/> that is then no offence.</summary>
internal static class PublicUser
{
    public static int Read(PublicOffender offender) => offender.Unused;
}
