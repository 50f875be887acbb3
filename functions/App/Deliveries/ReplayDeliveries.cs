using ClickToDial.App.Access;
using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Deliveries;

/// <summary>
/// <c>POST /api/webhooks/{id}/replay</c> sends deliveries of a time, or all that failed, again;
/// <c>POST /api/webhooks/{id}/deliveries/{delivery}/replay</c> sends one.
/// </summary>
public sealed class ReplayDeliveries(Authorizer authorizer, DeliveryDesk desk)
{
    [Function(nameof(ReplayDeliveries))]
    [Operation(
        "Sends deliveries again: those of a time, all that failed, or both; 200 at once, newest first, and a cursor to go on with.",
        Caller = CallerKind.Key, Scope = ApiScopes.Webhooks, Request = typeof(ReplayBody), Response = typeof(ReplayView), Refusals = [404])]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/webhooks/{id:length(18)}/replay")] HttpRequest request, string id, CancellationToken stop) =>
        AnswerAsync(
            request,
            async principal =>
            {
                var body = await RequestBody.ReadJsonAsync(request, stop);
                return body.IsOk ? await desk.ReplayAsync(principal, id, body.Value, stop) : body.Problem;
            },
            view => Api.Json(view, AppJson.Default.ReplayView),
            stop);

    [Function("ReplayDelivery")]
    [Operation("Sends a delivery again, under the same webhook-id.", Caller = CallerKind.Key, Scope = ApiScopes.Webhooks, Status = 202, Refusals = [404])]
    public Task<IResult> RunForOne(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/webhooks/{id:length(18)}/deliveries/{delivery}/replay")] HttpRequest request,
        string id, string delivery, CancellationToken stop) =>
        AnswerAsync(request, principal => desk.ReplayAsync(principal, id, delivery, stop), _ => Results.Accepted(), stop);

    private async Task<IResult> AnswerAsync(
        HttpRequest request, Func<Principal, Task<Result<ReplayView>>> replay, Func<ReplayView, IResult> answer, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.Webhooks, stop);
        if (!principal.IsOk) return Api.Problem(principal.Problem);
        var replayed = await replay(principal.Value);
        return replayed.IsOk ? answer(replayed.Value) : Api.Problem(replayed.Problem);
    }
}
