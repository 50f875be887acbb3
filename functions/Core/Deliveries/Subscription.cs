namespace ClickToDial.Core.Deliveries;

/// <summary>Who wants to be told of what, and how.</summary>
/// <param name="Triggers">Empty for all that the style has.</param>
/// <param name="DisabledReason">Why we disabled it ourselves; null otherwise.</param>
public sealed record Subscription(
    string Id, string Domain, Uri Url, PayloadStyle Style, IReadOnlyList<string> Triggers, bool Enabled, string? DisabledReason,
    DateTimeOffset CreatedAt, WebhookSecrets Secrets)
{
    public bool Wants(string trigger) => Enabled && (Triggers.Count == 0 || Triggers.Contains(trigger, StringComparer.Ordinal));
}
