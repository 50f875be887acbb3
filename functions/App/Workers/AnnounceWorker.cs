using System.Text;
using ClickToDial.App.Access;
using ClickToDial.App.Calls;
using ClickToDial.App.Directory;
using ClickToDial.App.Hosting;
using ClickToDial.Contracts;
using ClickToDial.Contracts.Control;
using ClickToDial.Core.Access;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Workers;

/// <summary><c>PUT</c> and <c>DELETE /internal/workers/{name}</c>: a worker says where its control API is, and learns
/// where the others are, or that it goes. For workers only.</summary>
public sealed class AnnounceWorker(WorkerTokens tokens, WorkerRegister register, CallWorkerOptions options)
{
    private const int LongestUrl = 256;

    private readonly AddressRanges _networks = new(options.DiscoverNetworks);

    [Function(nameof(AnnounceWorker))]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", "delete", Route = "internal/workers/{name}")] HttpRequest request, string name, CancellationToken stop)
    {
        if (!tokens.Accepted.Accepts(Authorizer.BearerToken(request))) return Api.Problem(KnownProblems.WorkerTokenInvalid);
        if (!IsName(name)) return Api.Problem(KnownProblems.FieldInvalid);
        if (HttpMethods.IsDelete(request.Method))
        {
            await register.GoneAsync(name, stop);
            return Results.NoContent();
        }

        var body = await RequestBody.ReadAsync(request, LongestUrl, stop);
        if (!body.IsOk) return Api.Problem(body.Problem);
        var text = Encoding.UTF8.GetString(body.Value);
        // Our token is shown there: nothing but an address where workers are, and a port, may be named.
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.PathAndQuery != "/" || url.UserInfo.Length > 0
            || !AddressRanges.TryAddress(url.IdnHost, out var address) || !_networks.Contains(address))
            return Api.Problem(KnownProblems.FieldInvalid with { Detail = "The address must be http or https to an address in one of the networks of Worker__DiscoverNetworks." });
        var own = url.GetLeftPart(UriPartial.Authority);
        await register.SeenAsync(name, own, stop);
        return Api.Json(new WorkerFellows(await register.FellowsAsync(own, stop)), ContractsJson.Default.WorkerFellows);
    }

    // What the key of a row may be made of.
    private static bool IsName(string name) => name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
