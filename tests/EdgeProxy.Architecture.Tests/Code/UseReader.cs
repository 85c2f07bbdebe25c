using dnlib.DotNet;

namespace EdgeProxy.Architecture.Tests;

/// <summary>Everything the compiled code of a type touches, its nested types (closures, state machines) included.</summary>
internal static class UseReader
{
    public static IEnumerable<Use> Of(TypeDef type)
    {
        foreach (Use use in Declaration(type)) { yield return use; }
        foreach (FieldDef field in type.Fields)
        {
            foreach (Use use in Signature(field)) { yield return use; }
        }

        foreach (MethodDef method in type.Methods)
        {
            foreach (Use use in Of(method)) { yield return use; }
        }

        foreach (TypeDef nested in type.NestedTypes)
        {
            foreach (Use use in Of(nested)) { yield return use; }
        }
    }

    public static IEnumerable<Use> Declaration(TypeDef type)
    {
        if (type.BaseType is { } parent) { yield return new Use(type.FullName, parent.ScopeType.FullName, ""); }
        foreach (InterfaceImpl implemented in type.Interfaces)
        {
            foreach (Use use in Signature(type.FullName, implemented.Interface.ToTypeSig())) { yield return use; }
        }
    }

    public static IEnumerable<Use> Signature(MethodDef method) => Signature(method.FullName, method.MethodSig);

    public static IEnumerable<Use> Signature(FieldDef field) => Signature(field.FullName, field.FieldSig.Type);

    private static IEnumerable<Use> Of(MethodDef method)
    {
        if (method.IsPinvokeImpl) { yield return new Use(method.FullName, Use.NativeCode, method.ImplMap.Name); }
        foreach (Use use in Signature(method)) { yield return use; }
        if (method.Body is not { } body) { yield break; }
        foreach (dnlib.DotNet.Emit.Local local in body.Variables)
        {
            foreach (Use use in Signature(method.FullName, local.Type)) { yield return use; }
        }

        foreach (dnlib.DotNet.Emit.Instruction instruction in body.Instructions)
        {
            foreach (Use use in Operand(method.FullName, instruction.Operand)) { yield return use; }
        }
    }

    private static IEnumerable<Use> Operand(string where, object? operand) => operand switch
    {
        ITypeDefOrRef type => Signature(where, type.ToTypeSig()),
        MethodSpec method =>
            [.. Operand(where, method.Method), .. Signatures(where, method.GenericInstMethodSig.GenericArguments)],
        MemberRef { IsFieldRef: true } field => [Member(where, field), .. Signature(where, field.FieldSig.Type)],
        MemberRef method =>
            [Member(where, method), .. Types(where, method), .. Signatures(where, Sigs(method.MethodSig), pointers: false)],
        IMemberRef member => [Member(where, member)],
        _ => [],
    };

    private static Use Member(string where, IMemberRef member) =>
        new(where, member.DeclaringType.ScopeType?.FullName ?? member.DeclaringType.FullName, member.Name);

    private static IEnumerable<Use> Types(string where, MemberRef member) =>
        Signature(where, member.DeclaringType.ToTypeSig());

    private static IEnumerable<Use> Signature(string where, MethodSig signature) => Signatures(where, Sigs(signature));

    private static IEnumerable<TypeSig> Sigs(MethodSig signature) => [signature.RetType, .. signature.Params];

    /// <param name="where">The member.</param>
    /// <param name="signatures">Its types.</param>
    /// <param name="pointers">Whether pointers count: not in what is merely called, such as the constructor of a span.</param>
    private static IEnumerable<Use> Signatures(string where, IEnumerable<TypeSig> signatures, bool pointers = true) =>
        signatures.SelectMany(signature => Signature(where, signature)).Where(use => pointers || use.Type != Use.Pointer);

    private static IEnumerable<Use> Signature(string where, TypeSig? signature)
    {
        for (; signature is not null; signature = signature.Next)
        {
            switch (signature)
            {
                case PtrSig or FnPtrSig:
                    yield return new Use(where, Use.Pointer, "");
                    break;
                case GenericInstSig generic:
                    yield return new Use(where, generic.GenericType.TypeDefOrRef.FullName, "");
                    foreach (TypeSig argument in generic.GenericArguments)
                    {
                        foreach (Use use in Signature(where, argument)) { yield return use; }
                    }

                    break;
                case TypeDefOrRefSig named:
                    yield return new Use(where, named.TypeDefOrRef.FullName, "");
                    break;
                default: // Arrays, references and pinned locals: what they are made of follows.
                    break;
            }
        }
    }
}
