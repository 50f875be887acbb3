using System.Text.Json.Nodes;
using ClickToDial.App.Access;
using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core;
using ClickToDial.Core.Access;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Json;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Actions.Chains;

/// <summary><c>POST /api/campaign/entries</c>: adds what agents work through, in order.</summary>
public sealed class EntryFunctions(Authorizer authorizer, CampaignEntries entries, IRandomSource random, TimeProvider time)
{
    public const int Most = 100;
    private const int LongestEntry = 16_000;

    [Function("AddCampaignEntries")]
    [Operation("Adds entries for agents to work through.", Caller = CallerKind.Key, Scope = ApiScopes.Buttons, Status = 204, Request = typeof(EntriesBody))]
    public async Task<IResult> Add([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/campaign/entries")] HttpRequest request, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.Buttons, stop);
        if (!principal.IsOk) return Api.Problem(principal.Problem);
        var body = await RequestBody.ReadJsonAsync(request, stop);
        if (!body.IsOk) return Api.Problem(body.Problem);
        var json = JsonBody.Parse(body.Value);
        if (!json.IsOk) return Api.Problem(json.Problem);
        if (json.Value["entries"] is not JsonArray { Count: > 0 and <= Most } list || list.Any(e => e is not JsonObject || e.ToJsonString().Length > LongestEntry))
            return Api.Problem(KnownProblems.FieldInvalid with { Field = "entries" });
        var began = time.GetUtcNow();
        // Ids sort by time; a millisecond apart they keep the order of the list.
        foreach (var (entry, i) in list.Select((entry, i) => (entry!, i)))
            await entries.AddAsync(principal.Value.Domain, CallIds.New(began.AddMilliseconds(i), random).Value, entry.ToJsonString(), stop);
        return Results.NoContent();
    }
}
