using System.Text.Json;
using ClickToDial.App.Access;
using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Contracts.Control;
using ClickToDial.Core;
using ClickToDial.Core.Access;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Destinations;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Calls;

/// <summary>
/// Calls under way, from the worker itself: once, or as they change. A session token sees those of its user. The host tries routes in
/// the order of the functions' names, so these stand before the one that takes whatever follows <c>api/calls/</c> for a call's id.
/// </summary>
public sealed class LiveCalls(Authorizer authorizer, IWorkerClient worker, WatchSeats seats, IDirectoryReader directory, TimeProvider time)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    // What the caller may see is asked anew from time to time: browsers come again by themselves.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    [Function("CallsUnderWay")]
    [Operation("Calls under way, as they are now.", Scope = ApiScopes.CallsRead, Response = typeof(LiveCallsView), Query = ["user"], Refusals = [503])]
    public async Task<IResult> List(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/calls/live")] HttpRequest request, CancellationToken stop)
    {
        var asked = await AskedAsync(request, stop);
        if (!asked.IsOk) return Api.Problem(asked.Problem);
        return await worker.CallsOfAsync(asked.Value.Domain, asked.Value.User, stop) is { } calls
            ? Api.Json(new LiveCallsView([.. calls.Select(call => LiveCallView.Of(asked.Value.Sight.See(call)))]), AppJson.Default.LiveCallsView)
            : Api.Problem(KnownProblems.WorkerUnavailable);
    }

    [Function("FollowCalls")]
    [Operation(
        "Server-sent events: calls with all that are under way, first and whenever changes were missed, then call for each that has changed or ended. Ends after ten minutes.",
        Scope = ApiScopes.CallsRead, Query = ["user"], Refusals = [429, 503])]
    public async Task<IResult> Watch(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/calls/watch")] HttpRequest request, CancellationToken stop)
    {
        var asked = await AskedAsync(request, stop);
        if (!asked.IsOk) return Api.Problem(asked.Problem);
        using var seat = seats.TryTake(asked.Value.By);
        if (seat is null) return Api.Problem(KnownProblems.TooManyWatches with { RetryAfterSeconds = (int)Heartbeat.TotalSeconds });
        using var end = new CancellationTokenSource(Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, request.HttpContext.RequestAborted, end.Token);
        if (await worker.WatchAsync(asked.Value.Domain, asked.Value.User, either.Token) is not { } changes) return Api.Problem(KnownProblems.WorkerUnavailable);
        var response = request.HttpContext.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        try
        {
            await TellAsync(response, changes, asked.Value.Sight, either.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or HttpRequestException or JsonException)
        {
            // The reader left, the time is over, or the worker went away: whoever still wants to know asks again.
        }
        return Results.Empty;
    }

    private async Task TellAsync(HttpResponse response, IAsyncEnumerable<WatchMessage> changes, PageSight sight, CancellationToken stop)
    {
        await using var reader = changes.GetAsyncEnumerator(stop);
        for (var next = reader.MoveNextAsync().AsTask(); ;)
        {
            await ((Task)next.WaitAsync(Heartbeat, time, stop)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stop.ThrowIfCancellationRequested();
            if (!next.IsCompleted) await response.WriteAsync(": still here\n\n", stop);
            else
            {
                if (!await next) return;
                await response.WriteAsync(Write(reader.Current, sight), stop);
                next = reader.MoveNextAsync().AsTask();
            }
            await response.Body.FlushAsync(stop);
        }
    }

    // JSON as it is written here has no line breaks, so it is one line of data.
    private static string Write(WatchMessage message, PageSight sight) => message.Call is { } call
        ? $"event: call\ndata: {JsonSerializer.Serialize(LiveCallView.Of(sight.See(call)), AppJson.Default.LiveCallView)}\n\n"
        : $"event: calls\ndata: {JsonSerializer.Serialize(new LiveCallsView([.. (message.Calls ?? []).Select(c => LiveCallView.Of(sight.See(c)))]), AppJson.Default.LiveCallsView)}\n\n";

    private async Task<Result<Asked>> AskedAsync(HttpRequest request, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.CallsRead, stop);
        if (!principal.IsOk) return principal.Problem;
        var user = principal.Value.OnlyUser ?? (request.Query["user"] is [{ Length: > 0 } name] ? name : null);
        return user is not null && !DestinationName.IsUserName(user)
            ? KnownProblems.FieldInvalid with { Field = "user" }
            : new Asked(principal.Value, user, new PageSight(principal.Value, (await directory.GetAsync(stop)).Domains[principal.Value.Domain]));
    }

    private sealed record Asked(Principal By, string? User, PageSight Sight)
    {
        public string Domain => By.Domain;
    }
}
