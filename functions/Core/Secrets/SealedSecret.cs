namespace ClickToDial.Core.Secrets;

/// <param name="Bytes">Nonce, ciphertext and tag, one after the other.</param>
public sealed record SealedSecret(string KeyId, byte[] Bytes);
