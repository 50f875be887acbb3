namespace ClickToDial.Core.Deliveries;

/// <param name="Value">See <see cref="Webhooks.StandardWebhook.TryReadSecret"/>.</param>
/// <param name="ExpiresAt">Nothing is signed with it after this; null for the present one.</param>
public sealed record WebhookSecret(string Value, DateTimeOffset? ExpiresAt = null)
{
    public override string ToString() => "whsec_***";
}
