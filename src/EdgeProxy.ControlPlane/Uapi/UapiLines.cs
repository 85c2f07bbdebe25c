namespace EdgeProxy.ControlPlane;

/// <summary>
/// Walks the lines of a message of the WireGuard userspace protocol: <c>key=value</c>, closed by an empty line.
/// </summary>
internal ref struct UapiLines(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    public ReadOnlySpan<byte> Key { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Something was no line, or the message ended without an empty one.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>False at the empty line, and when <see cref="IsBroken"/>.</summary>
    public bool Next()
    {
        int end = _rest.IndexOf((byte)'\n');
        if (end == 0) { return false; }
        int equals = end < 0 ? -1 : _rest[..end].IndexOf((byte)'=');
        if (equals <= 0)
        {
            IsBroken = true;
            return false;
        }

        Key = _rest[..equals];
        Value = _rest[(equals + 1)..end];
        _rest = _rest[(end + 1)..];
        return true;
    }
}
