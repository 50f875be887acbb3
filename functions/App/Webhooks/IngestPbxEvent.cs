using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Webhooks;

/// <summary>
/// <c>POST /webhooks/pbx</c>, with the name of a PBX behind it, and with that of a trigger for PBXes that have a URL for each: takes
/// events and queues them unread.
/// </summary>
public sealed class IngestPbxEvent(EventIngest ingest)
{
    [Function(nameof(IngestPbxEvent))]
    [Operation(
        "Takes an event of a worker or PBX, or up to 100 in an array.",
        Details = "Up to 256 KB, plain or gzip. It is answered once all are in the queue.",
        Caller = CallerKind.PbxToken, Status = 202, Request = typeof(PbxEventBody))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "webhooks/pbx")] HttpRequest request, CancellationToken stop) =>
        TakeAsync(request, null, null, stop);

    [Function("IngestPbxEventOfSource")]
    [Operation(
        "Takes events of a PBX that has settings of its own.",
        Details = "They are taken from its addresses only, and signed, where its settings say so.",
        Caller = CallerKind.PbxToken, Status = 202, Request = typeof(PbxEventBody))]
    public Task<IResult> RunForSource(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "webhooks/pbx/{source}")] HttpRequest request, string source, CancellationToken stop) =>
        TakeAsync(request, source, null, stop);

    [Function("IngestPbxEventOfTrigger")]
    [Operation(
        "Takes events of a PBX that has a URL for each trigger.",
        Details = "The trigger counts where an event has no type.",
        Caller = CallerKind.PbxToken, Status = 202, Request = typeof(PbxEventBody))]
    public Task<IResult> RunForTrigger(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "webhooks/pbx/{source}/{trigger}")] HttpRequest request,
        string source, string trigger, CancellationToken stop) =>
        TakeAsync(request, source, trigger, stop);

    private async Task<IResult> TakeAsync(HttpRequest request, string? source, string? trigger, CancellationToken stop) =>
        await ingest.TakeAsync(request, source, trigger, stop) is { } problem ? Api.Problem(problem) : Results.Accepted();
}
