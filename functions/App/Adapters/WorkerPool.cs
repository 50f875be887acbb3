using ClickToDial.App.Calls;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Problems;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Adapters;

/// <summary>
/// All workers as one. A new call goes to the one that has most room, as each says of itself now; a command goes to whichever has the
/// call, which is asked of all at once, so nothing has to be remembered and nothing can be remembered wrongly. With one worker nothing is
/// asked.
/// </summary>
public sealed class WorkerPool : IWorkerClient, IDisposable
{
    private readonly HttpWorkerClient[] _workers;

    public WorkerPool(CallWorkerOptions options, TimeProvider time, ILogger<HttpWorkerClient> logger) =>
        _workers = [.. options.All.Select(url => new HttpWorkerClient(url, options, time, logger))];

    public async Task<Result<CallSnapshot>> OriginateAsync(CallId callId, OriginateCommand command, bool isAgain, CancellationToken stop)
    {
        if (_workers is [var only]) return await only.OriginateAsync(callId, command, isAgain, stop);
        if (isAgain)
        {
            // One of them may have begun it, and only that one may be told again.
            var (owner, view) = await FindAsync(callId, stop);
            if (owner is not null) return await owner.OriginateAsync(callId, command, isAgain, stop);
            if (view is WorkerView.Unreachable) return KnownProblems.WorkerUnavailable;
        }

        var rooms = await Task.WhenAll(_workers.Select(worker => worker.RoomAsync(stop)));
        var best = _workers.Zip(rooms).Where(pair => pair.Second is not null).OrderByDescending(pair => pair.Second).Select(pair => pair.First).ToList();
        Result<CallSnapshot> answer = KnownProblems.WorkerUnavailable;
        foreach (var worker in best)
        {
            answer = await worker.OriginateAsync(callId, command, isAgain, stop);
            // Said by itself, so it has not begun. Of one that did not answer that is not known, and no other may begin.
            if (answer.IsOk || (answer.Problem != KnownProblems.WorkerNoCapacity && answer.Problem != KnownProblems.WorkerDraining)) return answer;
        }

        return answer;
    }

    public async Task<WorkerView> GetAsync(CallId callId, CancellationToken stop) => (await FindAsync(callId, stop)).View;

    public async Task<WorkerView> HangUpAsync(CallId callId, CancellationToken stop) =>
        Merged(await Task.WhenAll(_workers.Select(worker => worker.HangUpAsync(callId, stop)))).View;

    public async Task<IReadOnlyList<CallSnapshot>?> CallsOfAsync(string domain, string? user, CancellationToken stop)
    {
        var lists = await Task.WhenAll(_workers.Select(worker => worker.CallsOfAsync(domain, user, stop)));
        // Half an answer would look like the whole.
        return lists.Contains(null) ? null : [.. lists.SelectMany(list => list!)];
    }

    public async Task<IAsyncEnumerable<WatchMessage>?> WatchAsync(string domain, string? user, CancellationToken stop)
    {
        if (_workers is [var only]) return await only.WatchAsync(domain, user, stop);
        var streams = await Task.WhenAll(_workers.Select(worker => worker.WatchAsync(domain, user, stop)));
        if (!streams.Contains(null)) return WatchMerge.ReadAsync([.. streams.OfType<IAsyncEnumerable<WatchMessage>>()], stop);
        // Those that answered are let go.
        foreach (var stream in streams.OfType<IAsyncEnumerable<WatchMessage>>()) await foreach (var _ in stream.WithCancellation(stop)) break;
        return null;
    }

    public async Task<(CallSnapshot? Call, string? Reason)> OrderAsync(CallId callId, string verb, string commandId, CancellationToken stop)
    {
        if (_workers is [var only]) return await only.OrderAsync(callId, verb, commandId, stop);
        var (owner, view) = await FindAsync(callId, stop);
        if (owner is not null) return await owner.OrderAsync(callId, verb, commandId, stop);
        return (null, view is WorkerView.Unknown ? WorkerProblemReasons.NotFound : null);
    }

    public async Task<bool> IsReadyAsync(CancellationToken stop) => (await Task.WhenAll(_workers.Select(worker => worker.IsReadyAsync(stop)))).Contains(true);

    public void Dispose()
    {
        foreach (var worker in _workers) worker.Dispose();
    }

    private async Task<(HttpWorkerClient? Owner, WorkerView View)> FindAsync(CallId callId, CancellationToken stop)
    {
        var (at, view) = Merged(await Task.WhenAll(_workers.Select(worker => worker.GetAsync(callId, stop))));
        return (at < 0 ? null : _workers[at], view);
    }

    // Nobody has it only if everybody says so.
    private static (int At, WorkerView View) Merged(WorkerView[] views)
    {
        var at = Array.FindIndex(views, view => view is WorkerView.Known);
        if (at >= 0) return (at, views[at]);
        return (-1, Array.Find(views, view => view is WorkerView.Unreachable) ?? views[0]);
    }
}
