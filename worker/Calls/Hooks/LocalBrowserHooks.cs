using System.Collections.Concurrent;

namespace ClickToDial.Calls.Hooks;

/// <summary>
/// Decides by the token alone, without asking anybody: what it names may be called as often as it says. Calls are counted
/// in this process; who counts for all workers implements <see cref="IBrowserHooks"/> elsewhere.
/// </summary>
internal sealed class LocalBrowserHooks(SessionTokenCheck check, TimeProvider time) : IBrowserHooks
{
    private const int MaxTokens = 100_000;
    private readonly ConcurrentDictionary<string, Spent> _spent = new(StringComparer.Ordinal);

    public async Task<ConnectAnswer> ConnectAsync(BrowserConnect connect, CancellationToken stop)
    {
        var (claims, why) = await check.CheckAsync(connect.Token, connect.Origin, stop);
        return claims is null ? new ConnectAnswer.Refused(why!) : new ConnectAnswer.Accepted(new BrowserIdentity(
            claims.Domain.ToLowerInvariant(), claims.User, claims.TokenId, claims.Expires, claims.Calls, claims.Destinations));
    }

    public Task<CallAnswer> CallAsync(BrowserCall call, CancellationToken stop) => Task.FromResult(Decide(call));

    // The target is dialled, so it is one of the token's calls.
    public Task<CallAnswer> TransferAsync(BrowserCall call, CancellationToken stop) => Task.FromResult(Decide(call));

    public Task<HookRefusal?> ActAsync(BrowserAct act, CancellationToken stop) => Task.FromResult<HookRefusal?>(null);

    public void Notify(BrowserEvent news)
    {
        // Nobody is told.
    }

    private CallAnswer Decide(BrowserCall call)
    {
        var identity = call.Identity;
        if (identity.ExpiresAt <= time.GetUtcNow()) return No(401, "token-expired");
        if (identity.Destinations?.Any(pattern => Covers(pattern, call.Destination)) == false) return No(403, "token-destination-not-covered");
        return TrySpend(identity) ? new CallAnswer.Accepted(call.Destination) : No(403, "token-spent");
    }

    private static bool Covers(string pattern, string destination) =>
        pattern.EndsWith('*') ? destination.StartsWith(pattern[..^1], StringComparison.Ordinal) : pattern == destination;

    // A token that has expired is refused for that, so its count need not be kept any longer.
    private bool TrySpend(BrowserIdentity identity)
    {
        if (_spent.Count >= MaxTokens) Forget();
        if (_spent.Count >= MaxTokens) return false;
        var spent = _spent.GetOrAdd(identity.TokenId, _ => new Spent(identity.ExpiresAt));
        return spent.TryAdd(identity.Calls);
    }

    private void Forget()
    {
        var now = time.GetUtcNow();
        foreach (var (id, spent) in _spent)
            if (spent.Until <= now) _spent.TryRemove(id, out _);
    }

    private static CallAnswer.Refused No(int status, string slug) => new(new HookRefusal(status, slug));

    private sealed class Spent(DateTimeOffset until)
    {
        private int _calls;

        public DateTimeOffset Until => until;

        public bool TryAdd(int most) => Interlocked.Increment(ref _calls) <= most;
    }
}
