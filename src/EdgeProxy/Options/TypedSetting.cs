using EdgeProxy.Routing;

namespace EdgeProxy;

/// <summary>A setting whose value has a type; the default goes through the same parser as everything else.</summary>
internal abstract class TypedSetting<T> : Setting
{
    protected TypedSetting(string name, string defaultText, string summary)
        : base(name, defaultText, summary)
    {
        Value = default!;
    }

    /// <summary>The value in force.</summary>
    public T Value { get; protected set; }

    /// <summary>Called at the end of each constructor, when the bounds are known.</summary>
    protected void TakeDefault()
    {
        ValueProblem? problem = Parse(DefaultText);
        Invariant.Holds(problem is null);
    }
}
