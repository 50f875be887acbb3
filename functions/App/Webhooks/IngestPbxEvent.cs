using ClickToDial.App.Hosting;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Webhooks;

/// <summary><c>POST /webhooks/pbx</c>: takes an event from a PBX, our worker among them, and queues it unread.</summary>
public sealed class IngestPbxEvent(PbxTokens tokens, IEventSink events)
{
    public const string TokenHeader = "X-Pbx-Token";
    private const int BodyLimit = 256 * 1024;

    [Function(nameof(IngestPbxEvent))]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "webhooks/pbx")] HttpRequest request, CancellationToken stop)
    {
        if (!tokens.Accepts(request.Headers[TokenHeader], out var domain)) return Api.Problem(KnownProblems.PbxTokenInvalid);
        var body = await RequestBody.ReadJsonAsync(request, stop, BodyLimit);
        if (!body.IsOk) return Api.Problem(body.Problem);
        if (body.Value.Length == 0) return Api.Problem(KnownProblems.InvalidJson);
        await events.EnqueueAsync(body.Value, EventSources.Pbx, stop, domain);
        return Results.Accepted();
    }
}
