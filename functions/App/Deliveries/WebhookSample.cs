using System.Text.Json;
using ClickToDial.Core.Deliveries;

namespace ClickToDial.App.Deliveries;

public sealed record WebhookSample(PayloadStyle Style, string Trigger, JsonElement Payload);
