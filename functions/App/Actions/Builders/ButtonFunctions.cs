using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Actions.Builders;

/// <summary><c>/api/buttons</c>: making and changing buttons.</summary>
public sealed class ButtonFunctions(BuilderHttp http)
{
    [Function("ListButtons")]
    [Operation("The buttons of the domain.", Caller = CallerKind.Key, Scope = ApiScopes.Buttons)]
    public Task<IResult> List([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/buttons")] HttpRequest request, CancellationToken stop) =>
        http.ListAsync(request, BuilderDesk.Buttons, stop);

    [Function("CreateButton")]
    [Operation("Makes a button.", Caller = CallerKind.Key, Scope = ApiScopes.Buttons, Status = 201, Request = typeof(ButtonBody), Refusals = [409, 422])]
    public Task<IResult> Create([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/buttons")] HttpRequest request, CancellationToken stop) =>
        http.CreateAsync(request, BuilderDesk.Buttons, stop);

    [Function("ReadButton")]
    [Operation("A button, with its version as ETag.", Caller = CallerKind.Key, Scope = ApiScopes.Buttons, Refusals = [404])]
    public Task<IResult> Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/buttons/{id}")] HttpRequest request, string id, CancellationToken stop) =>
        http.GetAsync(request, BuilderDesk.Buttons, id, stop);

    [Function("ReplaceButton")]
    [Operation("Replaces the version of a button that If-Match or version names.", Caller = CallerKind.Key, Scope = ApiScopes.Buttons, Request = typeof(ButtonBody), Refusals = [404, 409, 412, 422, 428])]
    public Task<IResult> Replace([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/buttons/{id}")] HttpRequest request, string id, CancellationToken stop) =>
        http.ReplaceAsync(request, BuilderDesk.Buttons, id, stop);

    [Function("DeleteButton")]
    [Operation("Deletes a button.", Caller = CallerKind.Key, Scope = ApiScopes.Buttons, Status = 204, Refusals = [404])]
    public Task<IResult> Delete([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/buttons/{id}")] HttpRequest request, string id, CancellationToken stop) =>
        http.DeleteAsync(request, BuilderDesk.Buttons, id, stop);

    [Function("ListButtonVersions")]
    [Operation("All versions of a button, oldest first.", Caller = CallerKind.Key, Scope = ApiScopes.Buttons, Refusals = [404])]
    public Task<IResult> Versions([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/buttons/{id}/versions")] HttpRequest request, string id, CancellationToken stop) =>
        http.VersionsAsync(request, BuilderDesk.Buttons, id, stop);
}
