using System.Text;
using EdgeProxy.ControlPlane;
using EdgeProxy.Linux;
using EdgeProxy.Routing;

namespace EdgeProxy;

/// <summary><c>edgeproxy wg …</c>: keys, configuration files and plans of the WireGuard backhaul.</summary>
internal static class WgCommand
{
    private const int InputBytesMax = 4096;

    public static Command Command { get; } = new("wg", "Keys, files, plans and state of the WireGuard backhaul.")
    {
        Commands =
        [
            new Command("genkey", "Make a private key.")
            {
                Examples = ["(umask 077; edgeproxy wg genkey > wireguard.key)"],
                Run = static call => PrintSecret(call, KeyFile.NewPrivate()),
            },
            new Command("pubkey", "Print the public key of the private key on standard input.")
            {
                Examples = ["edgeproxy wg pubkey < wireguard.key"],
                Run = PublicKey,
            },
            new Command("genpsk", "Make a pre-shared key.")
            {
                Examples = ["(umask 077; edgeproxy wg genpsk > gru1.psk)"],
                Run = static call => PrintSecret(call, KeyFile.NewPreshared()),
            },
            WgShowCommand.Command,
            WgRotateCommand.Command,
            WgRunCommand.Command,
            WgImportCommand.Command,
            WgExportCommand.Command,
            WgMeshCommand.Command,
        ],
    };

    private static ExitCode PrintSecret(Invocation call, SecretKey key)
    {
        Span<char> text = stackalloc char[SecretKey.TextLength + 1];
        key.WriteBase64(text);
        text[^1] = '\n';
        call.Out.Write(text);
        text.Clear();
        key.Wipe();
        return ExitCode.Done;
    }

    private static ExitCode PublicKey(Invocation call)
    {
        if (StandardInput.IsTerminal) { call.Terminal.Error.WriteLine("Type or paste a private key, then Ctrl-D."); }
        Span<byte> bytes = stackalloc byte[InputBytesMax];
        SysResult read = StandardInput.ReadToEnd(bytes);
        SecretKey? key = read.Ok ? Parse(bytes[..read.Value]) : null;
        bytes.Clear();
        if (key is null)
        {
            call.Terminal.Complain("standard input holds no private key",
                "Pipe in the one line that `edgeproxy wg genkey` prints.");
            return ExitCode.Failed;
        }

        call.Out.WriteLine(KeyPair.PublicOf(key).ToString());
        key.Wipe();
        return ExitCode.Done;
    }

    private static SecretKey? Parse(ReadOnlySpan<byte> input)
    {
        ReadOnlySpan<byte> line = input.Trim(" \t\r\n"u8);
        Span<char> text = stackalloc char[SecretKey.TextLength];
        SecretKey? key = line.Length == SecretKey.TextLength
            && Ascii.ToUtf16(line, text, out _) == System.Buffers.OperationStatus.Done
                ? SecretKey.Parse(text)
                : null;
        text.Clear();
        return key;
    }
}
