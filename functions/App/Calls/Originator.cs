using System.Diagnostics;
using ClickToDial.Contracts.Control;
using ClickToDial.Core;
using ClickToDial.Core.Access;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Problems;

namespace ClickToDial.App.Calls;

/// <summary>
/// Starts a call once per idempotency key. The decision is kept before anything is dialled, the worker takes the same call id for
/// the same call, and whoever comes again, at the same time or after a crash, goes on where the first one was.
/// </summary>
public sealed class Originator(ICallStore calls, IWorkerClient worker, CallGuard guard, TimeProvider time, IRandomSource random)
{
    public async Task<Result<Originated>> OriginateAsync(Principal principal, CallRequest request, string mark, CancellationToken stop)
    {
        var kept = await calls.FindPlacedAsync(principal.Domain, mark, stop);
        if (kept is null)
        {
            var begun = await BeginAsync(principal, request, mark, stop);
            if (!begun.IsOk) return begun.Problem;
            if (begun.Value.IsOurs) return await DialAsync(begun.Value.Call, mark, begun.Value.Call.RequestedAt, stop);
            kept = begun.Value.Call;
        }

        return IdempotencyMachine.Next(kept, request.Fingerprint()) switch
        {
            IdempotencyStep.Conflict => KnownProblems.IdempotencyKeyReused,
            IdempotencyStep.Replay => new Originated(kept, Replayed: true),
            _ => await ResumeAsync(kept, mark, stop),
        };
    }

    private async Task<Result<Begun>> BeginAsync(Principal principal, CallRequest request, string mark, CancellationToken stop)
    {
        var allowed = await guard.CheckAsync(principal, request, mark, stop);
        if (!allowed.IsOk) return allowed.Problem;
        var now = time.GetUtcNow();
        var placed = new PlacedCall(CallIds.New(now, random), request.Fingerprint(), Command(request, allowed.Value), now);
        if (await calls.TryPlaceAsync(mark, placed, stop)) return new Begun(placed, IsOurs: true);
        var first = await calls.FindPlacedAsync(principal.Domain, mark, stop);
        return new Begun(first ?? throw new InvalidOperationException("An idempotency key was taken but is not there."), IsOurs: false);
    }

    private static OriginateCommand Command(CallRequest request, DomainView domain) => new(
        domain.Name, request.User, request.Destination, request.CallerId, request.Prompt, request.RingTimeoutSeconds,
        domain.Policy.MaxCallSeconds, Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: var id } ? id : null, AutoAnswer: request.AutoAnswer);

    /// <summary>The first try may have died anywhere after the decision was kept, or may still be under way.</summary>
    private async Task<Result<Originated>> ResumeAsync(PlacedCall kept, string mark, CancellationToken stop)
    {
        var began = time.GetUtcNow();
        while (await calls.FindAsync(kept.Command.Domain, kept.CallId, stop) is { } stored)
        {
            // The worker has told of it, or it was given up: nothing is dialled any more.
            if (stored.Row.Seen.Count > 0 || stored.Row.AbandonedAt is not null || !stored.Row.IsOpen) return new Originated(kept, Replayed: true);
            // Another request for the same key tries at this moment: its mark holds for this one too. Were each to write its own, many
            // at once would keep each other from it for longer than any of them may wait.
            if (stored.Row.AttemptedAt is { } attempted && attempted >= began) return await DialAsync(kept, mark, attempted, stop);
            // From here the sweep leaves the call alone until it is quiet again.
            var now = time.GetUtcNow();
            if (await calls.TryReplaceAsync(stored, stored.Row with { AttemptedAt = now }, stop)) return await DialAsync(kept, mark, now, stop);
        }

        throw new InvalidOperationException("A kept call is not in the call log.");
    }

    private async Task<Result<Originated>> DialAsync(PlacedCall placed, string mark, DateTimeOffset attemptedAt, CancellationToken stop)
    {
        var taken = await worker.OriginateAsync(placed.CallId, placed.Attempt(attemptedAt), isAgain: attemptedAt != placed.RequestedAt, stop);
        if (!taken.IsOk) return taken.Problem;
        await calls.MarkAcceptedAsync(placed.Command.Domain, mark, stop);
        return new Originated(placed, Replayed: attemptedAt != placed.RequestedAt);
    }

    private sealed record Begun(PlacedCall Call, bool IsOurs);
}
