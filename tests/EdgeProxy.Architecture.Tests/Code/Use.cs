namespace EdgeProxy.Architecture.Tests;

/// <summary>Something a method, field or declaration touches.</summary>
/// <param name="Where">The member that touches it.</param>
/// <param name="Type">Full name of the type touched, or of the type whose member is touched.</param>
/// <param name="Member">The member's name; empty for the type as such.</param>
internal readonly record struct Use(string Where, string Type, string Member)
{
    /// <summary>Stands for a pointer in <see cref="Type"/>.</summary>
    public const string Pointer = "*";

    /// <summary>Stands for a declaration of native code in <see cref="Type"/>.</summary>
    public const string NativeCode = "extern";

    public override string ToString() => Member.Length > 0 ? $"{Where} uses {Type}::{Member}" : $"{Where} uses {Type}";
}
