using dnlib.DotNet;

namespace EdgeProxy.Architecture.Tests;

/// <summary>What a project shows that no other project of src uses: it should be internal, or gone.</summary>
internal static class PublicSurface
{
    /// <param name="module">The project under judgement.</param>
    /// <param name="others">The rest of src.</param>
    public static IEnumerable<string> Unused(ModuleDef module, IEnumerable<ModuleDef> others)
    {
        HashSet<string> used = new(StringComparer.Ordinal);
        foreach (Use use in others.SelectMany(SourceAssemblies.Types).SelectMany(UseReader.Of))
        {
            used.Add(use.Type);
            used.Add($"{use.Type}::{use.Member}");
        }

        TypeDef[] shown = [.. module.GetTypes().Where(IsVisible)];
        HashSet<string> needed = shown.Where(type => used.Contains(type.FullName)).SelectMany(Exposed)
            .ToHashSet(StringComparer.Ordinal);
        foreach (TypeDef type in shown)
        {
            if (!used.Contains(type.FullName) && !needed.Contains(type.FullName)) { yield return type.FullName; }
        }

        foreach (string[] names in shown.Where(type => used.Contains(type.FullName)).SelectMany(Members))
        {
            if (!names.Any(used.Contains)) { yield return names[0]; }
        }
    }

    /// <summary>What the language wants public because a public type is built on it or shows it.</summary>
    private static IEnumerable<string> Exposed(TypeDef type)
    {
        IEnumerable<string> shown = UseReader.Declaration(type)
            .Concat(type.Methods.Where(static method => method.IsPublic).SelectMany(UseReader.Signature))
            .Concat(type.Fields.Where(static field => field.IsPublic).SelectMany(UseReader.Signature))
            .Select(static use => use.Type);
        return shown;
    }

    private static bool IsVisible(TypeDef type) =>
        type.IsPublic || (type.IsNestedPublic && IsVisible(type.DeclaringType));

    /// <summary>
    /// Each public member as the names it may be used under. Left out is what follows from something else: constructors,
    /// operators, overrides and implementations, what the compiler adds to records, and constants, which are compiled away.
    /// </summary>
    private static IEnumerable<string[]> Members(TypeDef type)
    {
        if (type.IsEnum || type.IsInterface || type.IsDelegate) { yield break; }
        foreach (PropertyDef property in type.Properties)
        {
            MethodDef?[] accessors = [property.GetMethod, property.SetMethod];
            if (!accessors.Any(static a => a is { IsPublic: true, IsVirtual: false }) || IsGivenAtBirth(type, property)) { continue; }
            yield return [.. accessors.Where(static a => a is not null).Select(a => $"{type.FullName}::{a!.Name}")];
        }

        foreach (MethodDef method in type.Methods)
        {
            bool follows = method.IsConstructor || method.IsSpecialName || method.IsVirtual
                || method.CustomAttributes.IsDefined("System.Runtime.CompilerServices.CompilerGeneratedAttribute");
            if (method.IsPublic && !follows) { yield return [$"{type.FullName}::{method.Name}"]; }
        }

        foreach (FieldDef field in type.Fields)
        {
            if (field.IsPublic && !field.IsLiteral) { yield return [$"{type.FullName}::{field.Name}"]; }
        }
    }

    /// <summary>A parameter of a record's own constructor: whoever makes one names it.</summary>
    private static bool IsGivenAtBirth(TypeDef type, PropertyDef property) => type.Methods
        .Where(static method => method is { IsInstanceConstructor: true, IsPublic: true })
        .Any(method => method.Parameters.Any(parameter => parameter.Name == property.Name.String));
}
