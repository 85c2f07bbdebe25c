namespace EdgeProxy.Linux;

/// <summary>What one submitted operation came to.</summary>
/// <param name="Token">The caller's own value, returned unchanged.</param>
/// <param name="Result">Bytes, descriptor or poll events at zero or above; the negated errno below it.</param>
/// <param name="Buffer">The buffer that holds received bytes, now the caller's until it calls <see cref="Io.Return"/>;
/// -1 for none.</param>
/// <param name="More">The operation stays armed and will complete again under the same token.</param>
public readonly record struct Completion(ulong Token, int Result, int Buffer, bool More)
{
    public bool Ok => Result >= 0;

    public Errno Error => Result < 0 ? (Errno)(-Result) : Errno.None;
}
