using System.Globalization;
using System.Text;
using EdgeProxy.Linux;
using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// Files that hold one key, as `wg genkey` writes it: 44 characters and a line feed. One that anybody else may read is
/// refused, since its key is no secret any more.
/// </summary>
public static class KeyFile
{
    private const uint GroupAndOthers = 0x3F; // 0077
    private const uint Root = 0;
    private const int BytesMax = 256;

    /// <summary>Reads a key.</summary>
    /// <returns>The key, or what is wrong with the file and the cure.</returns>
    public static KeyRead Read(string path)
    {
        Span<byte> bytes = stackalloc byte[BytesMax];
        SysResult read = SecretFile.Read(path, bytes, out SecretFileFacts facts);
        KeyRead result = Judge(path, read, facts, bytes);
        bytes.Clear();
        return result;
    }

    /// <summary>Makes a file with a key in it, for its owner only; one that is there stays.</summary>
    /// <returns>EEXIST when there is one.</returns>
    public static SysResult Create(string path, SecretKey key)
    {
        Span<char> text = stackalloc char[SecretKey.TextLength];
        Span<byte> line = stackalloc byte[SecretKey.TextLength + 1];
        key.WriteBase64(text);
        _ = Encoding.ASCII.GetBytes(text, line);
        line[^1] = (byte)'\n';
        SysResult created = SecretFile.Create(path, line);
        text.Clear();
        line.Clear();
        return created;
    }

    /// <summary>The private key in a file, which is made when there is none.</summary>
    /// <param name="made">There was none.</param>
    public static KeyRead ReadOrMake(string path, out bool made)
    {
        made = false;
        KeyRead read = Read(path);
        if (read.Key is not null || File.Exists(path)) { return read; }
        SecretKey key = NewPrivate();
        SysResult created = Create(path, key);
        made = created.Ok;
        if (made) { return new KeyRead(key, "", ""); }
        key.Wipe();
        return created.Error == Errno.EEXIST // Another start was faster; its key is this host's.
            ? Read(path)
            : new KeyRead(null, $"cannot be made ({created.Error})",
                "give this user write permission on its directory");
    }

    /// <summary>A new private key.</summary>
    public static SecretKey NewPrivate()
    {
        Span<byte> random = stackalloc byte[SecretKey.Bytes];
        KernelRandom.Fill(random);
        SecretKey key = SecretKey.Private(random);
        random.Clear();
        return key;
    }

    /// <summary>A new pre-shared key.</summary>
    public static SecretKey NewPreshared()
    {
        Span<byte> random = stackalloc byte[SecretKey.Bytes];
        KernelRandom.Fill(random);
        SecretKey key = new(random);
        random.Clear();
        return key;
    }

    private static KeyRead Judge(string path, SysResult read, in SecretFileFacts facts, ReadOnlySpan<byte> bytes)
    {
        if (!read.Ok) { return Unreadable(path, read.Error); }
        if (!facts.IsRegular) { return Bad("is no file", "name a file with a key in it"); }
        if ((facts.Mode & GroupAndOthers) != 0)
        {
            string mode = Convert.ToString(facts.Mode, 8).PadLeft(4, '0');
            return Bad($"can be used by others than its owner (mode {mode})",
                $"chmod 600 {path}, and make a new key if anybody else may have read this one");
        }

        uint own = SlowSocket.OwnUser;
        if (facts.Owner != own && facts.Owner != Root)
        {
            return Bad(string.Create(CultureInfo.InvariantCulture, $"belongs to user {facts.Owner}"),
                string.Create(CultureInfo.InvariantCulture, $"chown {own} {path}"));
        }

        ReadOnlySpan<byte> line = bytes[..read.Value];
        line = line.TrimEnd(" \r\n\t"u8);
        if (line.Length != SecretKey.TextLength) { return NoKey(); }
        Span<char> text = stackalloc char[SecretKey.TextLength];
        SecretKey? key = Ascii.ToUtf16(line, text, out _) == System.Buffers.OperationStatus.Done ? SecretKey.Parse(text)
            : null;
        text.Clear();
        return key is { IsZero: false } ? new KeyRead(key, "", "") : NoKey();
    }

    private static KeyRead NoKey() =>
        Bad("holds no key", "write one line of 44 characters: edgeproxy wg genkey, or wg genpsk for a pre-shared one");

    private static KeyRead Unreadable(string path, Errno error) => error switch
    {
        Errno.ENOENT =>
            Bad("does not exist",
            $"make it: (umask 077; edgeproxy wg genkey > {path}), or wg genpsk for a pre-shared key"),
        Errno.EACCES or Errno.EPERM =>
            Bad("may not be read by this user", $"chown it to the user the proxy runs as: {path}"),
        _ => Bad($"cannot be read ({error})", "name a readable file with a key in it"),
    };

    private static KeyRead Bad(string problem, string cure) => new(null, problem, cure);
}
