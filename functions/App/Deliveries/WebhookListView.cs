namespace ClickToDial.App.Deliveries;

public sealed record WebhookListView(IReadOnlyList<WebhookView> Webhooks);
