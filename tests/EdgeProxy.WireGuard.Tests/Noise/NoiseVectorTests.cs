using System.Text.Json;
using EdgeProxy.Crypto;

namespace EdgeProxy.WireGuard.Tests;

/// <summary>The pattern against cacophony's vector, which has another prologue and payloads of its own.</summary>
public sealed class NoiseVectorTests : IDisposable
{
    private readonly CipherSuite _suite = new();

    public void Dispose() => _suite.Dispose();

    [Fact]
    public void Pattern_WhenGivenThePublishedVector_WritesAndReadsItByteForByte()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "data", "noise-IKpsk2_25519_ChaChaPoly_BLAKE2s.json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement vector = document.RootElement.GetProperty("vectors")[0];
        byte[] Value(string name) => Convert.FromHexString(vector.GetProperty(name).GetString()!);
        byte[] preshared = Convert.FromHexString(vector.GetProperty("init_psks")[0].GetString()!);
        (byte[] Payload, byte[] Cipher)[] messages =
        [
            .. vector.GetProperty("messages").EnumerateArray().Select(static message => (
                Convert.FromHexString(message.GetProperty("payload").GetString()!),
                Convert.FromHexString(message.GetProperty("ciphertext").GetString()!))),
        ];

        using X25519PrivateKey initiator = new(Value("init_static"));
        using X25519PrivateKey responder = new(Value("resp_static"));
        using X25519PrivateKey initiatorEphemeral = new(Value("init_ephemeral"));
        using X25519PrivateKey responderEphemeral = new(Value("resp_ephemeral"));
        Assert.Equal(Value("init_remote_static"), responder.PublicKey.ToArray());
        byte[] shared = new byte[32];
        Assert.True(initiator.TryAgree(responder.PublicKey, shared));

        NoiseState left = new(_suite, new byte[NoiseState.Bytes]);
        NoiseState right = new(_suite, new byte[NoiseState.Bytes]);
        NoiseIkPsk2.Begin(left, Value("init_prologue"), responder.PublicKey);
        NoiseIkPsk2.Begin(right, Value("resp_prologue"), responder.PublicKey);

        byte[] first = new byte[messages[0].Cipher.Length];
        Assert.True(NoiseIkPsk2.WriteFirst(
            left, initiatorEphemeral, initiator.PublicKey, responder.PublicKey, shared, messages[0].Payload, first));
        Assert.Equal(messages[0].Cipher, first);
        byte[] who = new byte[32];
        byte[] payload = new byte[messages[0].Payload.Length];
        Assert.True(NoiseIkPsk2.ReadFirst(right, responder, first, who));
        Assert.Equal(initiator.PublicKey.ToArray(), who);
        Assert.True(NoiseIkPsk2.ReadFirstPayload(right, shared, first, payload));
        Assert.Equal(messages[0].Payload, payload);

        byte[] second = new byte[messages[1].Cipher.Length];
        Assert.True(NoiseIkPsk2.WriteSecond(
            right, responderEphemeral, first.AsSpan(0, 32), who, preshared, messages[1].Payload, second));
        Assert.Equal(messages[1].Cipher, second);
        payload = new byte[messages[1].Payload.Length];
        Assert.True(NoiseIkPsk2.ReadSecond(left, initiatorEphemeral, initiator, preshared, second, payload));
        Assert.Equal(messages[1].Payload, payload);
        Assert.Equal(Value("handshake_hash"), left.Hash.ToArray());
        Assert.Equal(Value("handshake_hash"), right.Hash.ToArray());

        byte[] toResponder = new byte[32];
        byte[] toInitiator = new byte[32];
        left.Split(toResponder, toInitiator);
        for (int i = 2; i < messages.Length; i++)
        {
            byte[] buffer = [.. messages[i].Payload, .. new byte[Aead.TagBytes]];
            _suite.Aead.Seal(i % 2 == 0 ? toResponder : toInitiator, (ulong)((i - 2) / 2), default, buffer);
            Assert.Equal(messages[i].Cipher, buffer);
        }
    }

    [Fact]
    public void Construction_WhenHashed_IsWhatWireGuardBeginsWith()
    {
        // The two constants every implementation has compiled in (boringtun, src/noise/handshake.rs).
        byte[] memory = new byte[NoiseState.Bytes];
        NoiseState state = new(_suite, memory);
        state.Begin("Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s"u8, NoiseIkPsk2.WireGuardPrologue);
        Assert.Equal(
            Convert.FromHexString("60e26daef327efc02ec335e2a025d2d016eb4206f87277f52d38d1988b78cd36"), memory[..32]);
        Assert.Equal(
            Convert.FromHexString("2211b361081ac566691243db458ad5322d9c6c662293e8b70ee19c65ba079ef3"), memory[32..64]);
    }
}
