namespace EdgeProxy.ControlPlane;

/// <summary>Which closed connections get a line.</summary>
public enum ConnectionLogMode : byte
{
    Off,

    /// <summary>Every connection that did not simply finish, and one in a hundred of those that did.</summary>
    Sampled,

    All,
}
