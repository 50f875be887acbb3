using ClickToDial.Core.Deliveries;

namespace ClickToDial.App.Deliveries;

/// <param name="Id">The webhook-id it was sent under.</param>
public sealed record WebhookTestView(string Id, string Trigger, bool Delivered, DeliveryAttempt Attempt);
