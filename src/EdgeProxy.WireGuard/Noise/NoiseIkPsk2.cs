using EdgeProxy.Crypto;

namespace EdgeProxy.WireGuard;

/// <summary>
/// The pattern IKpsk2 (noise.html §7.5, §9.4): the initiator knows the responder's key, sends its own in the first
/// message, and both mix a shared secret in at the end of the second.
/// <code>
/// ← s
/// → e, es, s, ss
/// ← e, ee, se, psk
/// </code>
/// </summary>
/// <remarks>
/// The secret of both static keys (ss) is the same in every handshake and comes from the caller, who computed it once.
/// A method that returns false leaves a state that is good for nothing.
/// </remarks>
internal static class NoiseIkPsk2
{
    private const int KeyBytes = X25519PrivateKey.Bytes;
    private const int SealedKeyBytes = KeyBytes + Aead.TagBytes;

    private static ReadOnlySpan<byte> Name => "Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s"u8;

    /// <summary>What WireGuard says before: its version and the mark of its author.</summary>
    public static ReadOnlySpan<byte> WireGuardPrologue => "WireGuard v1 zx2c4 Jason@zx2c4.com"u8;

    public static void Begin(NoiseState state, ReadOnlySpan<byte> prologue, ReadOnlySpan<byte> responderKey)
    {
        state.Begin(Name, prologue);
        state.MixHash(responderKey);
    }

    /// <param name="state">Begun.</param>
    /// <param name="ephemeral">A key used for this handshake alone.</param>
    /// <param name="ownKey">The initiator's public key.</param>
    /// <param name="responderKey">Whom it is for.</param>
    /// <param name="staticShared">The secret of both static keys.</param>
    /// <param name="payload">Told in the first message.</param>
    /// <param name="output">32 + 48 + the payload + 16 bytes.</param>
    public static bool WriteFirst(
        NoiseState state, X25519PrivateKey ephemeral, ReadOnlySpan<byte> ownKey, ReadOnlySpan<byte> responderKey,
        ReadOnlySpan<byte> staticShared, ReadOnlySpan<byte> payload, Span<byte> output)
    {
        WriteEphemeral(state, ephemeral, output);
        if (!state.MixAgreement(ephemeral, responderKey)) { return false; }
        state.Seal(ownKey, output.Slice(KeyBytes, SealedKeyBytes));
        state.MixKey(staticShared);
        state.Seal(payload, output[(KeyBytes + SealedKeyBytes)..]);
        return true;
    }

    /// <summary>The first half of reading the first message: who sent it.</summary>
    public static bool ReadFirst(
        NoiseState state, X25519PrivateKey own, ReadOnlySpan<byte> message, Span<byte> initiatorKey)
    {
        ReadOnlySpan<byte> ephemeral = message[..KeyBytes];
        state.MixHash(ephemeral);
        state.MixKey(ephemeral);
        return state.MixAgreement(own, ephemeral)
            && state.Open(message.Slice(KeyBytes, SealedKeyBytes), initiatorKey);
    }

    /// <summary>The second half: what it says.</summary>
    public static bool ReadFirstPayload(
        NoiseState state, ReadOnlySpan<byte> staticShared, ReadOnlySpan<byte> message, Span<byte> payload)
    {
        state.MixKey(staticShared);
        return state.Open(message[(KeyBytes + SealedKeyBytes)..], payload);
    }

    /// <param name="state">As the first message left it.</param>
    /// <param name="ephemeral">A key used for this handshake alone.</param>
    /// <param name="initiatorEphemeral">The initiator's, from the first message.</param>
    /// <param name="initiatorKey">Who that is.</param>
    /// <param name="preshared">32 bytes, zeros when there is none.</param>
    /// <param name="payload">Told in the second message.</param>
    /// <param name="output">32 + the payload + 16 bytes.</param>
    public static bool WriteSecond(
        NoiseState state, X25519PrivateKey ephemeral, ReadOnlySpan<byte> initiatorEphemeral,
        ReadOnlySpan<byte> initiatorKey, ReadOnlySpan<byte> preshared, ReadOnlySpan<byte> payload, Span<byte> output)
    {
        WriteEphemeral(state, ephemeral, output);
        bool agreed = state.MixAgreement(ephemeral, initiatorEphemeral) && state.MixAgreement(ephemeral, initiatorKey);
        if (!agreed) { return false; }
        state.MixKeyAndHash(preshared);
        state.Seal(payload, output[KeyBytes..]);
        return true;
    }

    public static bool ReadSecond(
        NoiseState state, X25519PrivateKey ephemeral, X25519PrivateKey own,
        ReadOnlySpan<byte> preshared, ReadOnlySpan<byte> message, Span<byte> payload)
    {
        ReadOnlySpan<byte> responderEphemeral = message[..KeyBytes];
        state.MixHash(responderEphemeral);
        state.MixKey(responderEphemeral);
        bool agreed = state.MixAgreement(ephemeral, responderEphemeral) && state.MixAgreement(own, responderEphemeral);
        if (!agreed) { return false; }
        state.MixKeyAndHash(preshared);
        return state.Open(message[KeyBytes..], payload);
    }

    private static void WriteEphemeral(NoiseState state, X25519PrivateKey ephemeral, Span<byte> output)
    {
        ephemeral.PublicKey.CopyTo(output);
        state.MixHash(ephemeral.PublicKey);
        state.MixKey(ephemeral.PublicKey);
    }
}
