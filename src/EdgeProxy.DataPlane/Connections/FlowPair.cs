using System.Runtime.CompilerServices;

namespace EdgeProxy.DataPlane;

/// <summary>A connection's two flows, indexed by <see cref="FlowSide"/>.</summary>
[InlineArray(2)]
internal struct FlowPair
{
    private Flow _first;
}
