using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ClickToDial.Contracts;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace ClickToDial.Calls.Control;

/// <summary>The control API over HTTP: who may, is the body whole and sane, then the calls, then the answer as JSON.</summary>
public sealed class ControlEndpoints(ICallControl calls, string token)
{
    public const int MaxBody = 64 * 1024;

    private const string Scheme = "Bearer ";

    private readonly byte[] _token = SHA256.HashData(Encoding.UTF8.GetBytes(token));

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut("/control/calls/{callId}", Guarded(PutAsync));
        routes.MapGet("/control/calls/{callId}", Guarded(GetAsync));
        routes.MapGet("/control/calls", Guarded(ListAsync));
        routes.MapDelete("/control/calls/{callId}", Guarded(DeleteAsync));
    }

    private static bool TryId(HttpContext http, out CallId id) => CallId.TryParse(http.Request.RouteValues["callId"] as string, out id);

    private static Task AnswerAsync<T>(HttpContext http, int status, T value, JsonTypeInfo<T> type)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(http.Response.Body, value, type, http.RequestAborted);
    }

    private static Task RefuseAsync(HttpContext http, WorkerProblem problem)
    {
        http.Response.StatusCode = problem.Status;
        http.Response.ContentType = "application/problem+json";
        return JsonSerializer.SerializeAsync(http.Response.Body, problem, ContractsJson.Default.WorkerProblem, http.RequestAborted);
    }

    private static async Task<(OriginateCommand? Command, WorkerProblem? Problem)> ReadCommandAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = MaxBody;
        try
        {
            var command = await JsonSerializer.DeserializeAsync(http.Request.Body, ContractsJson.Default.OriginateCommand, http.RequestAborted);
            if (command is null) return (null, Problems.Invalid("The body is null."));
            return OriginateGuard.Check(command) is { } wrong ? (null, Problems.Invalid(wrong)) : (command, null);
        }
        catch (JsonException e)
        {
            return (null, Problems.Invalid($"The body is not a command: see {e.Path ?? "$"}."));
        }
        catch (BadHttpRequestException e)
        {
            return (null, e.StatusCode == StatusCodes.Status413PayloadTooLarge ? Problems.TooLarge : Problems.Invalid("The body could not be read."));
        }
    }

    private RequestDelegate Guarded(RequestDelegate handle) =>
        http => IsAllowed(http) ? handle(http) : RefuseAsync(http, Problems.Unauthorized);

    // Hashes of equal length are compared, so that not even the token's length shows in the time taken.
    private bool IsAllowed(HttpContext http)
    {
        var presented = http.Request.Headers.Authorization.ToString();
        if (!presented.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return false;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(presented[Scheme.Length..]), hash);
        return CryptographicOperations.FixedTimeEquals(hash, _token);
    }

    private async Task PutAsync(HttpContext http)
    {
        if (!TryId(http, out var id))
        {
            await RefuseAsync(http, Problems.Invalid("callId: 1 to 64 characters of A-Z a-z 0-9 - _."));
            return;
        }
        var (command, problem) = await ReadCommandAsync(http);
        if (command is null)
        {
            await RefuseAsync(http, problem!);
            return;
        }
        // Not the request's token: a caller that hangs up early must not leave half a call behind.
        var answer = await calls.OriginateAsync(id, command, CancellationToken.None);
        await AnswerAsync(http, answer);
    }

    private static Task AnswerAsync(HttpContext http, OriginateAnswer answer)
    {
        switch (answer.Verdict)
        {
            case OriginateVerdict.Accepted:
                return AnswerAsync(http, StatusCodes.Status202Accepted, answer.Call!, ContractsJson.Default.CallSnapshot);
            case OriginateVerdict.Existing:
                return AnswerAsync(http, StatusCodes.Status200OK, answer.Call!, ContractsJson.Default.CallSnapshot);
            case OriginateVerdict.Conflict:
                return RefuseAsync(http, Problems.Conflict);
            case OriginateVerdict.TooLate:
                return RefuseAsync(http, Problems.TooLate);
        }
        http.Response.Headers.RetryAfter = "5";
        return RefuseAsync(http, answer.Verdict switch
        {
            OriginateVerdict.Draining => Problems.Draining,
            OriginateVerdict.NoCapacity => Problems.NoCapacity,
            _ => Problems.NotReady,
        });
    }

    private Task GetAsync(HttpContext http) => AnswerOrNotFoundAsync(http, TryId(http, out var id) ? calls.Find(id) : null);

    private Task ListAsync(HttpContext http) =>
        AnswerAsync(http, StatusCodes.Status200OK, calls.List(), ContractsJson.Default.IReadOnlyListCallSnapshot);

    private async Task DeleteAsync(HttpContext http) =>
        await AnswerOrNotFoundAsync(http, TryId(http, out var id) ? await calls.HangUpAsync(id, http.RequestAborted) : null);

    private static Task AnswerOrNotFoundAsync(HttpContext http, CallSnapshot? call) => call is null
        ? RefuseAsync(http, Problems.NotFound)
        : AnswerAsync(http, StatusCodes.Status200OK, call, ContractsJson.Default.CallSnapshot);
}
