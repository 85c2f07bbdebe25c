using EdgeProxy.ControlPlane;
using EdgeProxy.Linux;
using EdgeProxy.Routing;

namespace EdgeProxy;

/// <summary>
/// This host's key as its files have it, and changing it without a gap. What the files say holds, so a crash between
/// any two steps loses nothing.
/// </summary>
/// <remarks>
/// <code>
/// key ──Begin──► key and key.next, both accepted ──Finish: one rename──► key, which was the next
/// </code>
/// </remarks>
/// <param name="path">File of the key in use.</param>
/// <param name="own">Told of the keys there are.</param>
/// <param name="device">Told of them as well, where there is one.</param>
internal sealed class KeyRotation(string path, OwnKeys own, Func<ITunnelDevice?> device)
{
    private readonly Lock _lock = new();
    private readonly string _nextPath = path + ".next";

    /// <summary>What is wrong with a key file, with the cure.</summary>
    public static KeyRotationResult Failed(string file, in KeyRead read) => new()
    {
        Problem = $"the private key of the tunnel: {file} {read.Problem}. Cure: {read.Cure}",
    };

    /// <summary>Makes the next key, or finds it when that was done; both are accepted from then on.</summary>
    public KeyRotationResult Begin()
    {
        lock (_lock)
        {
            if (File.Exists(path))
            {
                KeyRead next = KeyFile.ReadOrMake(_nextPath, out _);
                if (next.Key is null) { return Failed(_nextPath, next); }
                next.Key.Wipe();
            }

            KeyRotationResult result = Follow();
            bool isRefused = result.Problem is null && device() is { } told && told.Measure().NextPublicKey is null;
            return isRefused
                ? new KeyRotationResult
                {
                    Problem = $"the kernel's device takes one key at a time. The new one is {result.NextPublicKey}: put it into "
                        + "the others' routing.db and run edgeproxy wg rotate --finish at once, or set "
                        + "EDGEPROXY_WIREGUARD=builtin for a change without a gap",
                }
                : result;
        }
    }

    /// <summary>Puts the next key in the place of the one in use, which is accepted no more.</summary>
    public KeyRotationResult Finish()
    {
        lock (_lock)
        {
            if (!File.Exists(_nextPath))
            {
                const string None = "no change of the key is under way. Begin one: edgeproxy wg rotate";
                return new KeyRotationResult { Problem = None };
            }

            KeyRead next = KeyFile.Read(_nextPath);
            if (next.Key is null) { return Failed(_nextPath, next); }
            next.Key.Wipe();
            SysResult replaced = SecretFile.Replace(path, _nextPath);
            if (replaced.Ok) { return Follow(); }
            return new KeyRotationResult
            {
                Problem = $"{_nextPath} cannot take the place of {path} ({replaced.Error}). "
                    + "Give this user write permission on their directory",
            };
        }
    }

    /// <summary>Takes over what the files say now: at a start, and after somebody changed them by hand.</summary>
    public KeyRotationResult Reload()
    {
        lock (_lock) { return Follow(); }
    }

    private KeyRotationResult Follow()
    {
        KeyRead current = KeyFile.Read(path);
        if (current.Key is null) { return Failed(path, current); }
        KeyRead next = File.Exists(_nextPath) ? KeyFile.Read(_nextPath) : default;
        if (next is { Key: null, Problem: not null })
        {
            current.Key.Wipe();
            return Failed(_nextPath, next);
        }

        PeerKey publicKey = KeyPair.PublicOf(current.Key);
        PeerKey? nextPublicKey = next.Key is null ? null : KeyPair.PublicOf(next.Key);
        own.Set(publicKey, nextPublicKey);
        if (device() is not { } told)
        {
            current.Key.Wipe();
            next.Key?.Wipe();
        }
        else if (!told.TryApply(new TunnelChange
        {
            PrivateKey = current.Key, NextPrivateKey = next.Key ?? new SecretKey(stackalloc byte[SecretKey.Bytes]),
        }))
        {
            const string Busy = "the tunnel does not take its keys now. Tell it again: kill -HUP the proxy";
            return new KeyRotationResult { Problem = Busy };
        }

        return new KeyRotationResult { PublicKey = publicKey, NextPublicKey = nextPublicKey };
    }
}
