using EdgeProxy.ControlPlane;
using EdgeProxy.DataPlane;
using EdgeProxy.Routing;
using EdgeProxy.Testing;

namespace EdgeProxy.Tests;

/// <summary>A host's key is changed: the files, the rules, the device, and a start in the middle of it.</summary>
public sealed class WgRotateCommandTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("edgeproxy-rotate-").FullName;
    private readonly OwnKeys _own = new();

    private string KeyPath => Path.Combine(_directory, "wireguard.key");

    private string NextPath => KeyPath + ".next";

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Rotate_WhenRunTwice_MakesOneKeyForItsOwnerAndSaysWhatToChangeElsewhere()
    {
        PeerKey old = MakeKey();
        string first = Run(ExitCode.Done).Output;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(NextPath));
        PeerKey next = PublicOf(NextPath);
        Assert.Contains($"new public key: {next}\n", first, StringComparison.Ordinal);
        Assert.Contains(
            $"UPDATE peers SET public_key = '{next}' WHERE public_key = '{old}';", first, StringComparison.Ordinal);
        Assert.Equal(first, Run(ExitCode.Done).Output);
        Assert.Equal(old, PublicOf(KeyPath));
    }

    [Fact]
    public void Finish_WhenAChangeIsUnderWay_LeavesTheNewKeyAlone()
    {
        _ = MakeKey();
        _ = Run(ExitCode.Done);
        PeerKey next = PublicOf(NextPath);
        Assert.Equal($"public key: {next}\n", Run(ExitCode.Done, "--finish").Output);
        Assert.Equal(next, PublicOf(KeyPath));
        Assert.False(File.Exists(NextPath));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyPath));
        string error = Run(ExitCode.Failed, "--finish").Error;
        Assert.Contains("no change of the key is under way", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Rotate_WhenThereIsNoKey_MakesNone()
    {
        Assert.Contains("does not exist", Run(ExitCode.Failed).Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_directory));
    }

    [Fact]
    public void Finish_WhenOthersMayReadTheNextKey_KeepsTheOldOne()
    {
        PeerKey old = MakeKey();
        _ = Run(ExitCode.Done);
        File.SetUnixFileMode(NextPath, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Contains("can be used by others", Run(ExitCode.Failed, "--finish").Error, StringComparison.Ordinal);
        Assert.Equal(old, PublicOf(KeyPath));
        Assert.Contains("can be used by others", Identity().Problem!, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_WhenAChangeIsUnderWay_KnowsBothKeysAsItsOwn()
    {
        PeerKey old = MakeKey();
        _ = Run(ExitCode.Done);
        PeerKey next = PublicOf(NextPath);
        TunnelIdentity identity = Identity();
        Assert.Null(identity.Problem);
        Assert.Equal(old, identity.PublicKey);
        Assert.True(identity.Rules.IsOwnKey(old));
        Assert.True(identity.Rules.IsOwnKey(next));
        _ = Run(ExitCode.Done, "--finish");
        Assert.False(Identity().Rules.IsOwnKey(old));
    }

    [Fact]
    public void Device_WhenTheKeyIsChanged_AcceptsBothAndThenTheNewOne()
    {
        string? missing = NetworkNamespace.Missing ?? (File.Exists("/dev/net/tun") ? null : "no /dev/net/tun here");
        Assert.SkipWhen(missing is not null, missing ?? "");
        NetworkNamespace.Run(() =>
        {
            using TunnelEngine engine = TunnelEngine.Start(
                new TunnelEngineSettings { InterfaceName = "rotate0", Workers = 1 }, out string? problem)!;
            Assert.Null(problem);
            PeerKey old = MakeKey();
            KeyRotation rotation = new(KeyPath, _own, () => engine);
            Assert.Equal(old, rotation.Reload().PublicKey);
            Assert.Equal((old, null), Keys(engine));

            PeerKey next = rotation.Begin().NextPublicKey!.Value;
            Assert.Equal((old, next), Keys(engine));
            Assert.True(_own.Contains(next));

            // Neither is a peer of the host's own device.
            _ = engine.TryApply(new TunnelChange { Peers = [Peer(old), Peer(next)] });
            Assert.Empty(engine.Measure().Peers);

            // A start in the middle.
            _ = engine.TryApply(new TunnelChange { PrivateKey = Zero(), NextPrivateKey = Zero() });
            Assert.Equal((null, null), Keys(engine));
            _ = new KeyRotation(KeyPath, _own, () => engine).Reload();
            Assert.Equal((old, next), Keys(engine));

            Assert.Equal(next, rotation.Finish().PublicKey);
            Assert.Equal((next, null), Keys(engine));
            Assert.False(_own.Contains(old));
        });
    }

    private static TunnelPeerChange Peer(PeerKey key) => new() { PublicKey = key };

    private static SecretKey Zero() => new(new byte[SecretKey.Bytes]);

    private static (PeerKey? Current, PeerKey? Next) Keys(TunnelEngine engine)
    {
        TunnelFigures figures = engine.Measure();
        return (figures.PublicKey, figures.NextPublicKey);
    }

    private PeerKey MakeKey()
    {
        Assert.True(KeyFile.Create(KeyPath, KeyFile.NewPrivate()).Ok);
        return PublicOf(KeyPath);
    }

    private static PeerKey PublicOf(string path) => KeyPair.PublicOf(KeyFile.Read(path).Key!);

    private TunnelIdentity Identity()
    {
        Options options = OptionsLoader.Load(
            [],
            new Dictionary<string, string>
            {
                ["EDGEPROXY_WIREGUARD"] = "builtin",
                ["EDGEPROXY_WIREGUARD_ADDRESS"] = "10.50.1.1/16",
                ["EDGEPROXY_WIREGUARD_KEY_FILE"] = KeyPath,
            },
            out IReadOnlyList<SettingProblem> problems);
        Assert.Empty(problems);
        return TunnelIdentity.Of(OptionsMapping.Tunnel(options), make: false);
    }

    private Session Run(ExitCode expected, params string[] words)
    {
        Session session = new Session().With("EDGEPROXY_STATE_DIR", _directory);
        Assert.Equal(expected, session.Run(["wg", "rotate", .. words]));
        return session;
    }
}
