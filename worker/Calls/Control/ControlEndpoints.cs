using ClickToDial.Calls.Edge;
using ClickToDial.Calls.Recording;
using ClickToDial.Calls.Secrets;
using ClickToDial.Contracts;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ClickToDial.Calls.Control;

/// <summary>The control API over HTTP: who may, is the body whole and sane, then the calls, then the answer as JSON.</summary>
public sealed class ControlEndpoints(ICallControl calls, LiveSecret token, RecordingShelf? recordings = null, TimeProvider? time = null, Fellows? fellows = null)
{
    public const int MaxBody = 64 * 1024;

    private const string Scheme = "Bearer ";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut("/control/calls/{callId}", Guarded(PutAsync));
        routes.MapGet("/control/calls/{callId}", Guarded(GetAsync));
        routes.MapGet("/control/calls", Guarded(ListAsync));
        routes.MapDelete("/control/calls/{callId}", Guarded(DeleteAsync));
        routes.MapGet("/control/watch", Guarded(new WatchEndpoint(calls, time ?? TimeProvider.System).WatchAsync));
        new CommandEndpoints(calls).Map(routes, Guarded);
        new RecordingEndpoints(recordings).Map(routes, Guarded);
        if (fellows is not null) new FellowEndpoint(fellows).Map(routes, Guarded);
    }

    private RequestDelegate Guarded(RequestDelegate handle) =>
        http => IsAllowed(http) ? handle(http) : ControlJson.RefuseAsync(http, Problems.Unauthorized);

    private bool IsAllowed(HttpContext http)
    {
        var presented = http.Request.Headers.Authorization.ToString();
        return presented.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && token.Accepts(presented.AsSpan(Scheme.Length));
    }

    private async Task PutAsync(HttpContext http)
    {
        if (!ControlJson.TryId(http, out var id))
        {
            await ControlJson.RefuseAsync(http, Problems.Invalid("callId: 1 to 64 characters of A-Z a-z 0-9 - _."));
            return;
        }
        var (command, problem) = await ControlJson.ReadAsync(http, ContractsJson.Default.OriginateCommand, OriginateGuard.Check);
        if (command is null)
        {
            await ControlJson.RefuseAsync(http, problem!);
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
                return ControlJson.AnswerAsync(http, StatusCodes.Status202Accepted, answer.Call!, ContractsJson.Default.CallSnapshot);
            case OriginateVerdict.Existing:
                return ControlJson.AnswerAsync(http, StatusCodes.Status200OK, answer.Call!, ContractsJson.Default.CallSnapshot);
            case OriginateVerdict.Conflict:
                return ControlJson.RefuseAsync(http, Problems.Conflict);
            case OriginateVerdict.TooLate:
                return ControlJson.RefuseAsync(http, Problems.TooLate);
        }
        http.Response.Headers.RetryAfter = "5";
        return ControlJson.RefuseAsync(http, answer.Verdict switch
        {
            OriginateVerdict.Draining => Problems.Draining,
            OriginateVerdict.NoCapacity => Problems.NoCapacity,
            _ => Problems.NotReady,
        });
    }

    private Task GetAsync(HttpContext http) => AnswerOrNotFoundAsync(http, ControlJson.TryId(http, out var id) ? calls.Find(id) : null);

    private Task ListAsync(HttpContext http) => FilterReader.TryRead(http.Request.Query, out var filter, out var wrong)
        ? ControlJson.AnswerAsync(http, StatusCodes.Status200OK, calls.List(filter), ContractsJson.Default.IReadOnlyListCallSnapshot)
        : ControlJson.RefuseAsync(http, Problems.Invalid(wrong));

    private async Task DeleteAsync(HttpContext http) =>
        await AnswerOrNotFoundAsync(http, ControlJson.TryId(http, out var id) ? await calls.HangUpAsync(id, http.RequestAborted) : null);

    private static Task AnswerOrNotFoundAsync(HttpContext http, CallSnapshot? call) => call is null
        ? ControlJson.RefuseAsync(http, Problems.NotFound)
        : ControlJson.AnswerAsync(http, StatusCodes.Status200OK, call, ContractsJson.Default.CallSnapshot);
}
