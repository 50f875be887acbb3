using ClickToDial.Core.Deliveries;

namespace ClickToDial.App.OpenApi;

/// <summary>A body as it is described. It is read member by member, not into this.</summary>
public sealed record WebhookBody(
    Uri? Url, PayloadStyle? Style, IReadOnlyList<string>? Triggers, IReadOnlyDictionary<string, string>? Headers, string? Secret, string? Token,
    bool? Enabled, bool? NewSecret, int? KeepPreviousHours, bool? Verify);
