namespace ClickToDial.App.Deliveries;

public sealed record WebhookSamplesView(IReadOnlyList<WebhookSample> Samples);
