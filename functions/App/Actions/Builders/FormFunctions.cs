using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using ClickToDial.Core.Actions.Forms;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Actions.Builders;

/// <summary><c>/api/forms</c>: making and changing forms.</summary>
public sealed class FormFunctions(BuilderHttp http, ItemTables tables)
{
    [Function("ListForms")]
    [Operation("The forms of the domain.", Caller = CallerKind.Key, Scope = ApiScopes.Buttons)]
    public Task<IResult> List([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/forms")] HttpRequest request, CancellationToken stop) =>
        http.ListAsync(request, BuilderDesk.Forms, stop);

    [Function("CreateForm")]
    [Operation("Makes a form.", Caller = CallerKind.Key, Scope = ApiScopes.Buttons, Status = 201, Request = typeof(FormBody), Refusals = [409, 422])]
    public Task<IResult> Create([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/forms")] HttpRequest request, CancellationToken stop) =>
        http.CreateAsync(request, BuilderDesk.Forms, stop);

    [Function("ReadForm")]
    [Operation("A form, with its version as ETag.", Caller = CallerKind.Key, Scope = ApiScopes.Buttons, Refusals = [404])]
    public Task<IResult> Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/forms/{id}")] HttpRequest request, string id, CancellationToken stop) =>
        http.GetAsync(request, BuilderDesk.Forms, id, stop);

    [Function("ReplaceForm")]
    [Operation("Replaces the version of a form that If-Match or version names.", Caller = CallerKind.Key, Scope = ApiScopes.Buttons, Request = typeof(FormBody), Refusals = [404, 409, 412, 422, 428])]
    public Task<IResult> Replace([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/forms/{id}")] HttpRequest request, string id, CancellationToken stop) =>
        http.ReplaceAsync(request, BuilderDesk.Forms, id, stop);

    [Function("DeleteForm")]
    [Operation("Deletes a form.", Caller = CallerKind.Key, Scope = ApiScopes.Buttons, Status = 204, Refusals = [404])]
    public Task<IResult> Delete([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/forms/{id}")] HttpRequest request, string id, CancellationToken stop) =>
        http.DeleteAsync(request, BuilderDesk.Forms, id, stop);

    [Function("ListFormVersions")]
    [Operation("All versions of a form, oldest first.", Caller = CallerKind.Key, Scope = ApiScopes.Buttons, Refusals = [404])]
    public Task<IResult> Versions([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/forms/{id}/versions")] HttpRequest request, string id, CancellationToken stop) =>
        http.VersionsAsync(request, BuilderDesk.Forms, id, stop);

    /// <summary><c>GET /api/forms/{id}/schema</c>: the form's rules as JSON Schema, for browsers.</summary>
    [Function("GetFormSchema")]
    [Operation("The rules of a form, as JSON Schema.", Caller = CallerKind.Key, Scope = ApiScopes.Buttons, Refusals = [404])]
    public async Task<IResult> Schema([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/forms/{id}/schema")] HttpRequest request, string id, CancellationToken stop)
    {
        var domain = await http.DomainAsync(request, stop);
        if (!domain.IsOk) return Api.Problem(domain.Problem);
        return await tables.FormAsync(domain.Value, id, stop) is { } form ? JsonAnswer.Of(FormSchema.Write(form.Fields)) : Api.Problem(KnownProblems.FormUnknown);
    }
}
