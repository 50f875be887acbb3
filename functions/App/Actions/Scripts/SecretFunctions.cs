using ClickToDial.App.Access;
using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using ClickToDial.Core.Json;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Actions.Scripts;

/// <summary><c>/api/script-secrets/{name}</c>: set and deleted, never read.</summary>
public sealed class SecretFunctions(Authorizer authorizer, ScriptSecrets secrets)
{
    [Function("SetScriptSecret")]
    [Operation("Sets a secret that scripts of the domain may read; nobody else can.", Caller = CallerKind.Key, Scope = ApiScopes.Admin, Status = 204, Request = typeof(SecretBody))]
    public async Task<IResult> Put([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/script-secrets/{name}")] HttpRequest request, string name, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.Admin, stop);
        if (!principal.IsOk) return Api.Problem(principal.Problem);
        if (!ScriptSecrets.IsName(name)) return Api.Problem(KnownProblems.FieldInvalid with { Field = "name" });
        var body = await RequestBody.ReadJsonAsync(request, stop);
        if (!body.IsOk) return Api.Problem(body.Problem);
        var json = JsonBody.Parse(body.Value);
        if (!json.IsOk) return Api.Problem(json.Problem);
        if (JsonBody.Text(json.Value["value"]) is not { Length: > 0 } value) return Api.Problem(KnownProblems.FieldMissing with { Field = "value" });
        if (value.Length > ScriptSecrets.MaxValue) return Api.Problem(KnownProblems.FieldTooLong with { Field = "value" });
        await secrets.SetAsync(principal.Value.Domain, name, value, stop);
        return Results.NoContent();
    }

    [Function("DeleteScriptSecret")]
    [Operation("Deletes a secret of scripts.", Caller = CallerKind.Key, Scope = ApiScopes.Admin, Status = 204, Refusals = [404])]
    public async Task<IResult> Delete([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/script-secrets/{name}")] HttpRequest request, string name, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.Admin, stop);
        if (!principal.IsOk) return Api.Problem(principal.Problem);
        return await secrets.DeleteAsync(principal.Value.Domain, name, stop) is { } problem ? Api.Problem(problem) : Results.NoContent();
    }
}
