namespace ClickToDial.Core.Deliveries;

/// <summary>What of a subscription is sealed at rest.</summary>
/// <param name="Signing">The present one first, then those being changed.</param>
/// <param name="Token">Sent as <c>X-Pbx-Token</c>. Never a signing secret: this one travels with every delivery.</param>
/// <param name="Headers">Extra headers; their values are often credentials.</param>
public sealed record WebhookSecrets(IReadOnlyList<WebhookSecret> Signing, string Token, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>Signatures on one delivery, at most.</summary>
    public const int MaxSigning = 4;

    /// <summary>Those that sign now.</summary>
    public IEnumerable<string> Valid(DateTimeOffset now) => Signing.Where(s => s.ExpiresAt is not { } end || now < end).Select(s => s.Value);

    /// <summary>With a new signing secret; those before it go on for a while.</summary>
    public WebhookSecrets Rotated(string secret, DateTimeOffset now, TimeSpan keep)
    {
        var end = now + keep;
        var older = Signing.Where(s => s.Value != secret).Select(s => s with { ExpiresAt = s.ExpiresAt < end ? s.ExpiresAt : end }).Where(s => now < s.ExpiresAt);
        return this with { Signing = [new WebhookSecret(secret), .. older.Take(MaxSigning - 1)] };
    }

    /// <summary>Everything that must never be shown again.</summary>
    public IEnumerable<string> All => [.. Signing.SelectMany(s => new[] { s.Value, s.Value[Webhooks.StandardWebhook.SecretPrefix.Length..] }), Token, .. Headers.Values];

    public override string ToString() => "***";
}
