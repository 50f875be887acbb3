using ClickToDial.Core.Deliveries;

namespace ClickToDial.App.Deliveries;

/// <param name="Headers">Names of the extra headers; their values are not shown again.</param>
/// <param name="SigningSecrets">How many sign now.</param>
/// <param name="DisabledReason">Why we disabled it ourselves.</param>
/// <param name="PausedUntil">Nothing is sent before then, because it was in trouble; only where one is asked for.</param>
/// <param name="Secret">A new signing secret, shown this once.</param>
/// <param name="Token">Value of X-Pbx-Token, shown this once.</param>
public sealed record WebhookView(
    string Id, Uri Url, PayloadStyle Style, IReadOnlyList<string> Triggers, IReadOnlyList<string> Headers, bool Enabled, string? DisabledReason,
    DateTimeOffset CreatedAt, int SigningSecrets, DateTimeOffset? PausedUntil = null, string? Secret = null, string? Token = null)
{
    public static WebhookView Of(Subscription s, DateTimeOffset now) => new(
        s.Id, s.Url, s.Style, s.Triggers.Count == 0 ? [Core.Deliveries.Triggers.All] : s.Triggers, [.. s.Secrets.Headers.Keys.Order(StringComparer.Ordinal)],
        s.Enabled, s.DisabledReason, s.CreatedAt, s.Secrets.Valid(now).Count());
}
