using System.Collections.Concurrent;
using ClickToDial.App.Calls;
using ClickToDial.App.Workers;
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
    private readonly CallWorkerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<HttpWorkerClient> _logger;
    private readonly WorkerRegister? _register;
    private readonly ConcurrentDictionary<string, Lazy<HttpWorkerClient>> _clients = new(StringComparer.OrdinalIgnoreCase);
    private readonly Member[] _named;

    /// <param name="register">Where workers that the settings do not name are found, if the settings say so.</param>
    public WorkerPool(CallWorkerOptions options, TimeProvider time, ILogger<HttpWorkerClient> logger, WorkerRegister? register = null)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _register = options.Discover ? register : null;
        _named = [.. options.All.Select(url => new Member(ClientOf(url), IsFresh: true))];
    }

    public async Task<Result<CallSnapshot>> OriginateAsync(CallId callId, OriginateCommand command, bool isAgain, CancellationToken stop)
    {
        var workers = await WorkersAsync(stop);
        if (workers is [var only]) return await only.Client.OriginateAsync(callId, command, isAgain, stop);
        if (isAgain)
        {
            // One of them may have begun it, and only that one may be told again.
            var (owner, view) = await FindAsync(workers, callId, stop);
            if (owner is not null) return await owner.OriginateAsync(callId, command, isAgain, stop);
            if (view is WorkerView.Unreachable) return KnownProblems.WorkerUnavailable;
        }

        var fresh = workers.Where(worker => worker.IsFresh).Select(worker => worker.Client).ToList();
        var rooms = await Task.WhenAll(fresh.Select(worker => worker.RoomAsync(stop)));
        var best = fresh.Zip(rooms).Where(pair => pair.Second is not null).OrderByDescending(pair => pair.Second).Select(pair => pair.First).ToList();
        Result<CallSnapshot> answer = KnownProblems.WorkerUnavailable;
        foreach (var worker in best)
        {
            answer = await worker.OriginateAsync(callId, command, isAgain, stop);
            // Said by itself, so it has not begun. Of one that did not answer that is not known, and no other may begin.
            if (answer.IsOk || (answer.Problem != KnownProblems.WorkerNoCapacity && answer.Problem != KnownProblems.WorkerDraining)) return answer;
        }

        return answer;
    }

    public async Task<WorkerView> GetAsync(CallId callId, CancellationToken stop) =>
        (await FindAsync(await WorkersAsync(stop), callId, stop)).View;

    public async Task<WorkerView> HangUpAsync(CallId callId, CancellationToken stop) =>
        Merged(await AllAsync(await WorkersAsync(stop), worker => worker.HangUpAsync(callId, stop))).View;

    public async Task<IReadOnlyList<CallSnapshot>?> CallsOfAsync(string domain, string? user, CancellationToken stop)
    {
        var lists = await AllAsync(await WorkersAsync(stop), worker => worker.CallsOfAsync(domain, user, stop));
        // Half an answer would look like the whole.
        return lists.Length == 0 || lists.Contains(null) ? null : [.. lists.SelectMany(list => list!)];
    }

    public async Task<IAsyncEnumerable<WatchMessage>?> WatchAsync(string domain, string? user, CancellationToken stop)
    {
        var workers = await WorkersAsync(stop);
        if (workers is [var only]) return await only.Client.WatchAsync(domain, user, stop);
        var streams = await AllAsync(workers, worker => worker.WatchAsync(domain, user, stop));
        if (streams.Length > 0 && !streams.Contains(null)) return WatchMerge.ReadAsync([.. streams.OfType<IAsyncEnumerable<WatchMessage>>()], stop);
        // Those that answered are let go.
        foreach (var stream in streams.OfType<IAsyncEnumerable<WatchMessage>>()) await foreach (var _ in stream.WithCancellation(stop)) break;
        return null;
    }

    public async Task<(CallSnapshot? Call, string? Reason)> OrderAsync(CallId callId, string verb, string commandId, CancellationToken stop)
    {
        var workers = await WorkersAsync(stop);
        if (workers is [var only]) return await only.Client.OrderAsync(callId, verb, commandId, stop);
        var (owner, view) = await FindAsync(workers, callId, stop);
        if (owner is not null) return await owner.OrderAsync(callId, verb, commandId, stop);
        return (null, view is WorkerView.Unknown ? WorkerProblemReasons.NotFound : null);
    }

    public async Task<bool> IsReadyAsync(CancellationToken stop) => (await AllAsync(await WorkersAsync(stop), worker => worker.IsReadyAsync(stop))).Contains(true);

    public void Dispose()
    {
        foreach (var client in _clients.Values.Where(client => client.IsValueCreated)) client.Value.Dispose();
    }

    private async ValueTask<IReadOnlyList<Member>> WorkersAsync(CancellationToken stop)
    {
        if (_register is null) return _named;
        var places = await _register.ListAsync(stop);
        return [.. _named.Concat(places.Select(place => new Member(ClientOf(place.Url), place.IsFresh))).DistinctBy(member => member.Client)];
    }

    private HttpWorkerClient ClientOf(string url) =>
        _clients.GetOrAdd(url.TrimEnd('/'), key => new Lazy<HttpWorkerClient>(() => new HttpWorkerClient(key, _options, _time, _logger))).Value;

    private static Task<T[]> AllAsync<T>(IReadOnlyList<Member> workers, Func<HttpWorkerClient, Task<T>> ask) =>
        Task.WhenAll(workers.Select(worker => ask(worker.Client)));

    private static async Task<(HttpWorkerClient? Owner, WorkerView View)> FindAsync(IReadOnlyList<Member> workers, CallId callId, CancellationToken stop)
    {
        var (at, view) = Merged(await AllAsync(workers, worker => worker.GetAsync(callId, stop)));
        return (at < 0 ? null : workers[at].Client, view);
    }

    // Nobody has it only if everybody says so, and where nobody is known nobody has said anything.
    private static (int At, WorkerView View) Merged(WorkerView[] views)
    {
        var at = Array.FindIndex(views, view => view is WorkerView.Known);
        if (at >= 0) return (at, views[at]);
        return (-1, views.Length == 0 ? new WorkerView.Unreachable() : Array.Find(views, view => view is WorkerView.Unreachable) ?? views[0]);
    }

    private sealed record Member(HttpWorkerClient Client, bool IsFresh);
}
