using ClickToDial.App.Access;
using ClickToDial.App.Calls;
using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ClickToDial.App.Recordings;

/// <summary><c>GET /api/recordings/{id}</c>: the sound, whole or by parts (RFC 9110 section 14).</summary>
public sealed class GetRecording(Authorizer authorizer, CallReader calls, RecordingStore recordings)
{
    [Function(nameof(GetRecording))]
    [Operation("One recording as audio.", Scope = ApiScopes.CallsRead, Refusals = [404])]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/recordings/{id}")] HttpRequest request, string id, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.CallsRead, stop);
        if (!principal.IsOk) return Api.Problem(principal.Problem);
        var call = await calls.FindAsync(principal.Value, id.Split('.')[0], stop);
        if (!call.IsOk) return Api.Problem(call.Problem);
        if (await recordings.FindAsync(principal.Value.Domain, id, stop) is not { } row) return Api.Problem(KnownProblems.CallNotFound);
        request.HttpContext.Response.Headers.CacheControl = "private, no-store";
        return Results.Stream(
            await recordings.OpenAsync(row, stop), "audio/wav", $"{row.Id}.wav", row.EndedAt, new EntityTagHeaderValue($"\"{row.Sha256}\""), enableRangeProcessing: true);
    }
}
