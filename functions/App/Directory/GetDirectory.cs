using System.Text.Json;
using ClickToDial.App.Access;
using ClickToDial.App.Hosting;
using ClickToDial.Contracts;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Directory;

/// <summary><c>GET /internal/directory</c>: what workers need to know, with an ETag. For workers only.</summary>
public sealed class GetDirectory(WorkerTokens tokens, IDirectoryReader directory)
{
    [Function(nameof(GetDirectory))]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "internal/directory")] HttpRequest request, CancellationToken stop)
    {
        if (!tokens.Accepted.Accepts(Authorizer.BearerToken(request))) return Api.Problem(KnownProblems.WorkerTokenInvalid);
        var view = await directory.GetAsync(stop);
        var headers = request.HttpContext.Response.Headers;
        headers.CacheControl = "no-store";
        headers.ETag = $"\"{view.Version}\"";
        if (request.Headers.IfNoneMatch.Contains(headers.ETag.ToString())) return Results.StatusCode(StatusCodes.Status304NotModified);
        return Results.Bytes(JsonSerializer.SerializeToUtf8Bytes(view.Snapshot, ContractsJson.Default.DirectorySnapshot), "application/json");
    }
}
