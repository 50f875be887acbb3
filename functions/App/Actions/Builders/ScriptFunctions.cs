using ClickToDial.App.Actions.Scripts;
using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using ClickToDial.Core.Json;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Actions.Builders;

/// <summary><c>/api/scripts</c>: making and changing scripts.</summary>
public sealed class ScriptFunctions(BuilderHttp http, ScriptRunnerClient runner)
{
    [Function("ListScripts")]
    [Operation("The scripts of the domain.", Caller = CallerKind.Key, Scope = ApiScopes.Buttons)]
    public Task<IResult> List([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/scripts")] HttpRequest request, CancellationToken stop) =>
        http.ListAsync(request, BuilderDesk.Scripts, stop);

    [Function("CreateScript")]
    [Operation("Makes a script.", Caller = CallerKind.Key, Scope = ApiScopes.Buttons, Status = 201, Request = typeof(ScriptBody), Refusals = [409, 422])]
    public Task<IResult> Create([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/scripts")] HttpRequest request, CancellationToken stop) =>
        http.CreateAsync(request, BuilderDesk.Scripts, stop);

    [Function("ReadScript")]
    [Operation("A script, with its version as ETag.", Caller = CallerKind.Key, Scope = ApiScopes.Buttons, Refusals = [404])]
    public Task<IResult> Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/scripts/{id}")] HttpRequest request, string id, CancellationToken stop) =>
        http.GetAsync(request, BuilderDesk.Scripts, id, stop);

    [Function("ReplaceScript")]
    [Operation("Replaces the version of a script that If-Match or version names.", Caller = CallerKind.Key, Scope = ApiScopes.Buttons, Request = typeof(ScriptBody), Refusals = [404, 409, 412, 422, 428])]
    public Task<IResult> Replace([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/scripts/{id}")] HttpRequest request, string id, CancellationToken stop) =>
        http.ReplaceAsync(request, BuilderDesk.Scripts, id, stop);

    [Function("DeleteScript")]
    [Operation("Deletes a script.", Caller = CallerKind.Key, Scope = ApiScopes.Buttons, Status = 204, Refusals = [404])]
    public Task<IResult> Delete([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/scripts/{id}")] HttpRequest request, string id, CancellationToken stop) =>
        http.DeleteAsync(request, BuilderDesk.Scripts, id, stop);

    [Function("ListScriptVersions")]
    [Operation("All versions of a script, oldest first.", Caller = CallerKind.Key, Scope = ApiScopes.Buttons, Refusals = [404])]
    public Task<IResult> Versions([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/scripts/{id}/versions")] HttpRequest request, string id, CancellationToken stop) =>
        http.VersionsAsync(request, BuilderDesk.Scripts, id, stop);

    /// <summary><c>POST /api/scripts/validate</c>: whether a script can be read, where not, and which functions it offers.</summary>
    [Function("CheckScript")]
    [Operation("Whether a script can be read, and which functions it offers.", Caller = CallerKind.Key, Scope = ApiScopes.Buttons, Request = typeof(ScriptBody), Refusals = [503])]
    public async Task<IResult> Check([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/scripts/validate")] HttpRequest request, CancellationToken stop)
    {
        var (_, body, problem) = await http.ReadAsync(request, stop);
        if (problem is not null) return Api.Problem(problem);
        var json = JsonBody.Parse(body);
        if (!json.IsOk) return Api.Problem(json.Problem);
        if (JsonBody.Text(json.Value["source"]) is not { } source) return Api.Problem(KnownProblems.FieldMissing with { Field = "source" });
        var found = await runner.CheckAsync(source, stop);
        return found.IsOk ? JsonAnswer.Of(found.Value) : Api.Problem(found.Problem);
    }
}
