using System.Text.Json;
using System.Text.Json.Nodes;
using ClickToDial.App.Access;
using ClickToDial.App.Adapters;
using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using ClickToDial.Core.Actions;
using ClickToDial.Core.Json;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Actions.Scripts;

/// <summary><c>/api/script-settings</c>: what the scripts of the domain may do.</summary>
public sealed class ScriptSettingsFunctions(Authorizer authorizer, StorageClients storage)
{
    [Function("GetScriptSettings")]
    [Operation("What the scripts of the domain may do.", Caller = CallerKind.Key, Scope = ApiScopes.Admin)]
    public async Task<IResult> Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/script-settings")] HttpRequest request, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.Admin, stop);
        return principal.IsOk ? Shown(await ScriptSettings.ReadAsync(storage, principal.Value.Domain, stop)) : Api.Problem(principal.Problem);
    }

    [Function("SetScriptSettings")]
    [Operation("Says what the scripts of the domain may do.", Caller = CallerKind.Key, Scope = ApiScopes.Admin, Request = typeof(ScriptSettingsBody))]
    public async Task<IResult> Put([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/script-settings")] HttpRequest request, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.Admin, stop);
        if (!principal.IsOk) return Api.Problem(principal.Problem);
        var body = await RequestBody.ReadJsonAsync(request, stop);
        if (!body.IsOk) return Api.Problem(body.Problem);
        var json = JsonBody.Parse(body.Value);
        if (!json.IsOk) return Api.Problem(json.Problem);
        var hosts = json.Value["fetchHosts"] switch
        {
            null => [],
            JsonArray { Count: <= FetchHosts.MostEntries } list => list.Select(JsonBody.Text).ToArray(),
            _ => [null],
        };
        if (hosts.Any(host => host is null || !FetchHosts.IsEntry(host))) return Api.Problem(KnownProblems.FieldInvalid with { Field = "fetchHosts" });
        if (json.Value["eval"] is { } eval && eval.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False)) return Api.Problem(KnownProblems.FieldWrongType with { Field = "eval" });
        var settings = new ScriptSettings(new FetchHosts([.. hosts.OfType<string>()]), json.Value["eval"]?.GetValue<bool>() ?? false);
        await settings.WriteAsync(storage, principal.Value.Domain, stop);
        return Shown(settings);
    }

    private static IResult Shown(ScriptSettings settings) => JsonAnswer.Of(new JsonObject
    {
        ["fetchHosts"] = new JsonArray([.. settings.Hosts.Entries.Select(host => (JsonNode)host)]),
        ["eval"] = settings.Eval,
    });
}
