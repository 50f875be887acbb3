namespace ClickToDial.Core.Access;

/// <param name="SecretHash">See <see cref="ApiKey.HashOf"/>.</param>
/// <param name="Domain">The one domain the key is for.</param>
public sealed record ApiKeyRecord(string Id, string Domain, string SecretHash, ApiScopes Scopes, bool Enabled);
