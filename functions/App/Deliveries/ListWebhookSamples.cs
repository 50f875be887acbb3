using System.Text.Json;
using ClickToDial.App.Access;
using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using ClickToDial.Core.Deliveries;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Deliveries;

/// <summary><c>GET /api/webhooks/samples</c>: what a subscriber gets, for each trigger of each style.</summary>
public sealed class ListWebhookSamples(Authorizer authorizer)
{
    private static readonly WebhookSamplesView Samples = new(
    [
        .. Enum.GetValues<PayloadStyle>().SelectMany(style => SampleEvents.Of(style).Values.Select(
            s => new WebhookSample(style, s.Trigger, JsonElement.Parse(s.Body)))),
    ]);

    [Function(nameof(ListWebhookSamples))]
    [Operation("A payload for each trigger, in each style.", Caller = CallerKind.Key, Scope = ApiScopes.Webhooks, Response = typeof(WebhookSamplesView))]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/webhooks/samples")] HttpRequest request, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.Webhooks, stop);
        return principal.IsOk ? Api.Json(Samples, AppJson.Default.WebhookSamplesView) : Api.Problem(principal.Problem);
    }
}
