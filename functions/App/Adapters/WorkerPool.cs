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
/// asked. One that was silent for a while may have died: it is waited for shortly, and where it says nothing it is not missed.
/// </summary>
public sealed class WorkerPool : IWorkerClient, IDisposable
{
    private static readonly TimeSpan LongestForSilent = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestForSlow = TimeSpan.FromSeconds(1);

    // Some longer than the time that a silent one is still offered calls, as lists are remembered and clocks differ.
    private static readonly TimeSpan LongestOffered = TimeSpan.FromSeconds(90);

    // How soon whoever watches learns of a worker that has come.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

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
        _named = [.. options.All.Select(url => MemberOf(url, isFresh: true, DateTimeOffset.MinValue))];
    }

    public async Task<Result<CallSnapshot>> OriginateAsync(CallId callId, OriginateCommand command, bool isAgain, CancellationToken stop)
    {
        var workers = await WorkersAsync(stop);
        if (workers is [var only]) return await only.Client.OriginateAsync(callId, command, isAgain, stop);
        if (isAgain && MayHave(workers, callId) is { Count: > 0 } offered)
        {
            // One of them may have begun it, and only that one may be told again.
            var (owner, view) = await FindAsync(offered, callId, stop);
            if (owner is not null) return await owner.OriginateAsync(callId, command, isAgain, stop);
            if (view is WorkerView.Unreachable) return KnownProblems.WorkerUnavailable;
        }

        Result<CallSnapshot> answer = KnownProblems.WorkerUnavailable;
        foreach (var worker in await ByRoomAsync([.. workers.Where(worker => worker.IsFresh).Select(worker => worker.Client)], stop))
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
        (await FirstAsync(await WorkersAsync(stop), (worker, end) => worker.HangUpAsync(callId, end), stop)).View;

    public async Task<IReadOnlyList<CallSnapshot>?> CallsOfAsync(string domain, string? user, CancellationToken stop)
    {
        var workers = await WorkersAsync(stop);
        var lists = await AllAsync(workers, worker => worker.CallsOfAsync(domain, user, stop));
        return IsWhole(workers, lists) ? [.. lists.SelectMany(list => list ?? [])] : null;
    }

    public async Task<IAsyncEnumerable<WatchMessage>?> WatchAsync(string domain, string? user, CancellationToken stop)
    {
        var workers = await WorkersAsync(stop);
        if (_register is null && workers is [var only]) return await only.Client.WatchAsync(domain, user, stop);
        var answers = await AllAsync(workers, worker => worker.WatchAsync(domain, user, stop));
        IReadOnlyList<IAsyncEnumerable<WatchMessage>> streams = [.. answers.OfType<IAsyncEnumerable<WatchMessage>>()];
        if (IsWhole(workers, answers)) return WatchMerge.ReadAsync(streams, end => _register is null ? Task.Delay(Timeout.Infinite, end) : ChangeAsync(Fresh(workers), end), stop);
        // Those that answered are let go.
        foreach (var stream in streams) await foreach (var _ in stream.WithCancellation(stop)) break;
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
        var places = await _register.ListAsync((url, end) => ClientOf(url).Within(LongestForSilent).IsThereAsync(end), stop);
        // An address may stand under two names, of which one is of a worker that has died there.
        Member[] all = [.. _named.Concat(places.Select(place => MemberOf(place.Url, place.IsFresh, place.SeenAt))).OrderByDescending(member => member.IsFresh).DistinctBy(member => member.Url, StringComparer.OrdinalIgnoreCase)];
        // Not disposed of: what was asked there may not be answered yet.
        foreach (var gone in _clients.Keys.Except(all.Select(member => member.Url), StringComparer.OrdinalIgnoreCase)) _clients.TryRemove(gone, out _);
        return all;
    }

    // Who was silent for long when the call was made has never been offered it.
    private static List<Member> MayHave(IReadOnlyList<Member> workers, CallId callId) => CallIds.TryReadTime(callId, out var made)
        ? [.. workers.Where(worker => worker.IsFresh || worker.SeenAt + LongestOffered > made)]
        : [.. workers];

    // Those that say that they have room, most first. One that has just died would hold every call up until its time is over: who is
    // slower than others is passed over, and only where none is quick are all waited for.
    private async Task<IReadOnlyList<HttpWorkerClient>> ByRoomAsync(IReadOnlyList<HttpWorkerClient> workers, CancellationToken stop)
    {
        using var quick = new CancellationTokenSource(LongestForSlow, _time);
        var late = Task.Delay(Timeout.Infinite, quick.Token);
        var asked = workers.Select(worker => worker.RoomAsync(stop)).ToArray();
        await Task.WhenAny(Task.WhenAll(asked), late);
        while (!asked.Any(HasRoom) && asked.Where(room => !room.IsCompleted).ToList() is { Count: > 0 } rest) await Task.WhenAny(rest);
        return [.. workers.Zip(asked).Where(pair => HasRoom(pair.Second)).OrderByDescending(pair => pair.Second.Result).Select(pair => pair.First)];

        static bool HasRoom(Task<int?> room) => room is { IsCompletedSuccessfully: true, Result: not null };
    }

    // Ends when workers have come or gone.
    private async Task ChangeAsync(HashSet<string> fresh, CancellationToken stop)
    {
        do await Task.Delay(Look, _time, stop);
        while (fresh.SetEquals(Fresh(await WorkersAsync(stop))));
    }

    private static HashSet<string> Fresh(IReadOnlyList<Member> workers) => [.. workers.Where(worker => worker.IsFresh).Select(worker => worker.Url)];

    private Member MemberOf(string url, bool isFresh, DateTimeOffset seenAt) => new(url.TrimEnd('/'), ClientOf(url), isFresh, seenAt);

    private HttpWorkerClient ClientOf(string url) =>
        _clients.GetOrAdd(url.TrimEnd('/'), key => new Lazy<HttpWorkerClient>(() => new HttpWorkerClient(key, _options, _time, _logger))).Value;

    private static Task<T[]> AllAsync<T>(IReadOnlyList<Member> workers, Func<HttpWorkerClient, Task<T>> ask) =>
        Task.WhenAll(workers.Select(worker => ask(worker.Asked)));

    // Half an answer would look like the whole. Who was silent for long has most likely no calls any more.
    private static bool IsWhole<T>(IReadOnlyList<Member> workers, T?[] answers)
        where T : class =>
        answers.Any(answer => answer is not null) && workers.Zip(answers).All(pair => pair.Second is not null || !pair.First.IsFresh);

    private static Task<(HttpWorkerClient? Owner, WorkerView View)> FindAsync(IReadOnlyList<Member> workers, CallId callId, CancellationToken stop) =>
        FirstAsync(workers, (worker, end) => worker.GetAsync(callId, end), stop);

    // One that has the call is enough. Nobody has it only if everybody says so, and where nobody is known nobody has said anything.
    private static async Task<(HttpWorkerClient? Owner, WorkerView View)> FirstAsync(
        IReadOnlyList<Member> workers, Func<HttpWorkerClient, CancellationToken, Task<WorkerView>> ask, CancellationToken stop)
    {
        using var rest = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var asked = workers.Select(async worker => (worker.Client, View: await ask(worker.Asked, rest.Token))).ToList();
        var isNowhere = workers.Count > 0;
        await foreach (var answer in Task.WhenEach(asked))
        {
            var (client, view) = await answer;
            if (view is WorkerView.Known)
            {
                await rest.CancelAsync();
                return (client, view);
            }
            isNowhere &= view is WorkerView.Unknown;
        }

        return (null, isNowhere ? new WorkerView.Unknown() : new WorkerView.Unreachable());
    }

    private sealed record Member(string Url, HttpWorkerClient Client, bool IsFresh, DateTimeOffset SeenAt)
    {
        /// <summary>For what all are asked at once.</summary>
        public HttpWorkerClient Asked { get; } = IsFresh ? Client : Client.Within(LongestForSilent);
    }
}
