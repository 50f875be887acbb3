using System.Text.Json.Serialization.Metadata;
using ClickToDial.App.Hosting;
using ClickToDial.Core.Access;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Access;

/// <summary>What functions of the API have in common: who asks is found out, what is asked is done for them, and answered.</summary>
public static class AuthorizedRequests
{
    /// <summary>Does what needs nothing but the address of the request: 204.</summary>
    /// <param name="act">Null when it is done.</param>
    public static async Task<IResult> DoAsync(
        this Authorizer authorizer, HttpRequest request, ApiScopes scope, Func<Principal, Task<Problem?>> act, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, scope, stop);
        if (!principal.IsOk) return Api.Problem(principal.Problem);
        return await act(principal.Value) is { } problem ? Api.Problem(problem) : Results.NoContent();
    }

    /// <summary>Makes something of the JSON in the body, whose secret is shown this once: 201, and kept by no cache.</summary>
    public static async Task<IResult> MakeAsync<T>(
        this Authorizer authorizer, HttpRequest request, ApiScopes scope, Func<Principal, byte[], Task<Result<T>>> make, JsonTypeInfo<T> type, CancellationToken stop)
        where T : notnull
    {
        var principal = await authorizer.AuthorizeAsync(request, scope, stop);
        if (!principal.IsOk) return Api.Problem(principal.Problem);
        var body = await RequestBody.ReadJsonAsync(request, stop);
        if (!body.IsOk) return Api.Problem(body.Problem);
        var made = await make(principal.Value, body.Value);
        if (!made.IsOk) return Api.Problem(made.Problem);
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return Api.Json(made.Value, type, StatusCodes.Status201Created);
    }
}
