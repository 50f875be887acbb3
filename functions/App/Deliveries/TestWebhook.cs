using ClickToDial.App.Access;
using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Deliveries;

/// <summary><c>POST /api/webhooks/{id}/test</c>: sends a sample, and tells what came of it.</summary>
public sealed class TestWebhook(Authorizer authorizer, SubscriptionDesk desk)
{
    [Function(nameof(TestWebhook))]
    [Operation(
        "Sends a sample at once, and tells what came of it.",
        Caller = CallerKind.Key, Scope = ApiScopes.Webhooks, Request = typeof(WebhookTestBody), Response = typeof(WebhookTestView), Refusals = [404])]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/webhooks/{id:length(18)}/test")] HttpRequest request, string id, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.Webhooks, stop);
        if (!principal.IsOk) return Api.Problem(principal.Problem);
        var body = await RequestBody.ReadJsonAsync(request, stop);
        if (!body.IsOk) return Api.Problem(body.Problem);
        var tested = await desk.TestAsync(principal.Value, id, body.Value, stop);
        if (!tested.IsOk) return Api.Problem(tested.Problem);
        return Api.Json(tested.Value, AppJson.Default.WebhookTestView);
    }
}
