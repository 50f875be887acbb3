using System.Globalization;
using System.Text.Json.Nodes;
using ClickToDial.App.Access;
using ClickToDial.App.Hosting;
using ClickToDial.Core.Access;
using ClickToDial.Core.Json;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Actions.Builders;

/// <summary>The requests that buttons, forms and scripts have in common.</summary>
public sealed class BuilderHttp(Authorizer authorizer, BuilderDesk desk)
{
    /// <summary>Of a body, in bytes: the longest script, escaped.</summary>
    private const int BodyLimit = 800 * 1024;

    public async Task<IResult> ListAsync(HttpRequest request, BuilderKind kind, CancellationToken stop)
    {
        var domain = await DomainAsync(request, stop);
        if (!domain.IsOk) return Api.Problem(domain.Problem);
        var items = await desk.ListAsync(kind, domain.Value, stop);
        return JsonAnswer.Of(new JsonObject { [kind.Path] = new JsonArray([.. items.Select(Shown)]) });
    }

    public async Task<IResult> GetAsync(HttpRequest request, BuilderKind kind, string id, CancellationToken stop)
    {
        var domain = await DomainAsync(request, stop);
        if (!domain.IsOk) return Api.Problem(domain.Problem);
        return Answer(request, kind, await desk.FindAsync(kind, domain.Value, id, stop), StatusCodes.Status200OK);
    }

    public async Task<IResult> CreateAsync(HttpRequest request, BuilderKind kind, CancellationToken stop)
    {
        var (domain, body, problem) = await ReadAsync(request, stop);
        if (problem is not null) return Api.Problem(problem);
        return Answer(request, kind, await desk.CreateAsync(kind, domain!, body!, stop), StatusCodes.Status201Created);
    }

    public async Task<IResult> ReplaceAsync(HttpRequest request, BuilderKind kind, string id, CancellationToken stop)
    {
        var (domain, body, problem) = await ReadAsync(request, stop);
        if (problem is not null) return Api.Problem(problem);
        if (Version(request, body!) is not { } version) return Api.Problem(KnownProblems.VersionMissing);
        return Answer(request, kind, await desk.ReplaceAsync(kind, domain!, id, version, body!, stop), StatusCodes.Status200OK);
    }

    public async Task<IResult> DeleteAsync(HttpRequest request, BuilderKind kind, string id, CancellationToken stop)
    {
        var domain = await DomainAsync(request, stop);
        if (!domain.IsOk) return Api.Problem(domain.Problem);
        return await desk.DeleteAsync(kind, domain.Value, id, stop) is { } problem ? Api.Problem(problem) : Results.NoContent();
    }

    public async Task<IResult> VersionsAsync(HttpRequest request, BuilderKind kind, string id, CancellationToken stop)
    {
        var domain = await DomainAsync(request, stop);
        if (!domain.IsOk) return Api.Problem(domain.Problem);
        var versions = await desk.VersionsAsync(kind, domain.Value, id, stop);
        if (versions.Count == 0) return Api.Problem(kind.Unknown);
        return JsonAnswer.Of(new JsonObject { ["versions"] = new JsonArray([.. versions.Select(Shown)]) });
    }

    public async Task<Result<string>> DomainAsync(HttpRequest request, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.Buttons, stop);
        return principal.IsOk ? principal.Value.Domain : principal.Problem;
    }

    public async Task<(string? Domain, byte[]? Body, Problem? Problem)> ReadAsync(HttpRequest request, CancellationToken stop)
    {
        var domain = await DomainAsync(request, stop);
        if (!domain.IsOk) return (null, null, domain.Problem);
        var body = await RequestBody.ReadJsonAsync(request, stop, BodyLimit);
        return body.IsOk ? (domain.Value, body.Value, null) : (null, null, body.Problem);
    }

    private static IResult Answer(HttpRequest request, BuilderKind kind, Result<StoredItem> item, int status)
    {
        if (!item.IsOk) return Api.Problem(item.Problem);
        var headers = request.HttpContext.Response.Headers;
        headers.ETag = $"\"{item.Value.Version.ToString(CultureInfo.InvariantCulture)}\"";
        if (status == StatusCodes.Status201Created) headers.Location = $"/api/{kind.Path}/{item.Value.Id}";
        return JsonAnswer.Of(Shown(item.Value), status);
    }

    private static JsonObject Shown(StoredItem item)
    {
        var json = (JsonObject)item.Json.DeepClone();
        json["version"] = item.Version;
        json["changed_at"] = item.ChangedAt;
        return json;
    }

    private static int? Version(HttpRequest request, byte[] body)
    {
        var text = request.Headers.IfMatch.ToString().Trim('"');
        if (text.Length > 0) return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;
        return JsonBody.Parse(body) is { IsOk: true, Value: var json } ? JsonBody.Number(json["version"]) : null;
    }
}
