using System.Runtime.CompilerServices;

namespace EdgeProxy.Routing;

/// <summary>One field of all bindings in a <see cref="BindingBucket"/>, side by side.</summary>
[InlineArray(BindingBucket.Lanes)]
internal struct BindingLane<T>
    where T : unmanaged
{
    private T _first;
}
