using ClickToDial.Calls.Control;
using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Hooks;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;

namespace ClickToDial.Calls.RemoteControl;

/// <summary>
/// Does what a page asks for, for the user whose page it is: calls of others do not exist for it. Each method answers with why it
/// was not done, a stable word, or null when it was.
/// </summary>
internal sealed class RemoteOrders(RemoteServices services, BrowserIdentity who, string sessionId)
{
    public const string CallNotFound = WorkerProblemReasons.NotFound;

    private const int FirstTransfer = 500;
    private const int MostTransfers = 500;
    private static int _transfers;

    private static readonly TimeSpan TransferRing = TimeSpan.FromSeconds(30);

    /// <summary>Rings the user's devices, then the number.</summary>
    public async Task<string?> CallAsync(string to, CancellationToken stop)
    {
        var number = Plain(to);
        var id = CallId.Parse(Guid.NewGuid().ToString("N"));
        var why = await PlaceAsync(id, number, stop);
        services.Hooks.Notify(new BrowserEvent(
            why is null ? BrowserEventKind.CallTrying : BrowserEventKind.CallRefused, sessionId, services.Time.GetUtcNow(),
            who.Domain, who.User, id.Value, number, Reason: why));
        return why;
    }

    public async Task<string?> AcceptAsync(string id) =>
        await MayAsync(id, _ => BrowserActKind.Answer) ?? await OrderAsync(id, call => new CallOrder.Answer(RoleName(call)));

    public async Task<string?> HoldAsync(string id) =>
        await MayAsync(id, call => call.IsHolding ? BrowserActKind.Unhold : BrowserActKind.Hold)
        ?? await OrderAsync(id, call => call.IsHolding ? new CallOrder.Resume(RoleName(call)) : new CallOrder.Hold(RoleName(call)));

    public Task<string?> MuteAsync(string id, bool on) => OrderAsync(id, call => new CallOrder.Mute(RoleName(call), on));

    /// <summary>A recording that the directory demands is not the page's to stop.</summary>
    public async Task<string?> RecordAsync(string id, bool on)
    {
        if (!on && Find(id) is { } call && IsRecordedByRule(call)) return "recording-required";
        return await OrderAsync(id, _ => new CallOrder.Record(on));
    }

    /// <summary>
    /// Asks as for a call, because the target is dialled. The user stays until the other has answered, so that a number which nobody
    /// answers loses no caller.
    /// </summary>
    public async Task<string?> TransferAsync(string id, string to, CancellationToken stop)
    {
        if (Find(id) is not { } found) return CallNotFound;
        var (accepted, why) = await MayDialAsync(found.Call.CallId, Plain(to), stop, NextTransfer());
        if (accepted is null) return why;
        return await OrderAsync(id, call => new CallOrder.Transfer(accepted.Callee, RoleName(call), Drop: false, TransferRing)
        {
            CallerId = accepted.CallerId,
            MaxDuration = accepted.MaxDuration,
        });
    }

    public async Task<string?> JoinAsync(string id, string other)
    {
        if (Find(id) is not { } first || Find(other) is not { } joined) return CallNotFound;
        if (!services.AreTogether(first.Call.CallId, joined.Call.CallId)) return WorkerProblemReasons.CallsApart;
        return await OrderAsync(id, call => new CallOrder.Join(joined.Call.CallId, RoleName(call), RoleName(joined)));
    }

    public async Task<string?> HangUpAsync(string id)
    {
        if (Find(id) is not { } call) return CallNotFound;
        _ = MayAsync(id, _ => BrowserActKind.HangUp); // Told of, and never stopped.
        return await services.OrderAsync(call.Call.CallId, order: null);
    }

    /// <summary>What the domain's back end says to something that the page wants to do in a call; null when it may.</summary>
    private async Task<string?> MayAsync(string id, Func<UserCall, BrowserActKind> kind)
    {
        if (Find(id) is not { } call) return CallNotFound;
        using var limit = new CancellationTokenSource(services.HookLimit, services.Time);
        try
        {
            return (await services.Hooks.ActAsync(new BrowserAct(who, sessionId, id, kind(call)), limit.Token).WaitAsync(limit.Token))?.Slug;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return "hook-unavailable";
        }
    }

    private async Task<string?> PlaceAsync(CallId id, string number, CancellationToken stop)
    {
        var (accepted, why) = await MayDialAsync(id, number, stop);
        return accepted is null ? why : await OriginateAsync(id, number, accepted);
    }

    /// <summary>What the token, the hooks and the domain say to a number; without an answer, why not.</summary>
    /// <param name="transfer">Which one of the call's it is; null for a call.</param>
    private async Task<(CallAnswer.Accepted? Accepted, string? Why)> MayDialAsync(CallId id, string number, CancellationToken stop, int? transfer = null)
    {
        if (!OriginateGuard.IsDestination(number)) return (null, "destination-invalid");
        if (who.ExpiresAt <= services.Time.GetUtcNow()) return (null, "token-expired");
        var call = new BrowserCall(who, sessionId, id.Value, number) { Attempt = transfer ?? 1 };
        return await AskAsync(stop => transfer is null ? services.Hooks.CallAsync(call, stop) : services.Hooks.TransferAsync(call, stop), stop) switch
        {
            CallAnswer.Refused refused => (null, refused.Why.Slug),
            CallAnswer.Accepted accepted when !OriginateGuard.IsDestination(accepted.Callee) => (null, "destination-invalid"),
            CallAnswer.Accepted accepted => WhyNot(accepted.Callee) is { } why ? (null, why) : (accepted, null),
            _ => (null, "hook-unavailable"),
        };
    }

    /// <summary>Null when nobody answered in time.</summary>
    private async Task<CallAnswer?> AskAsync(Func<CancellationToken, Task<CallAnswer>> ask, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(services.HookLimit, services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            return await ask(either.Token).WaitAsync(either.Token);
        }
        catch (Exception) when (!stop.IsCancellationRequested)
        {
            return null;
        }
    }

    // Behind the numbers of what phones refer to. One that comes around counts no more: an hour's calls are long past by then.
    private static int NextTransfer() => FirstTransfer + (int)((uint)Interlocked.Increment(ref _transfers) % MostTransfers);

    /// <summary>What stands against a number, whoever asks for it.</summary>
    private string? WhyNot(string number)
    {
        if (services.Directory.Current is not { } directory) return WorkerProblemReasons.NotReady;
        return directory.RouteTo(who.Domain, number) switch
        {
            Route.ToTrunk when !DialPolicy.Allows(directory.PolicyOf(who.Domain), number) => "destination-not-allowed",
            Route.ToTrunk or Route.ToUser or Route.ToTest => null,
            _ => CallReasons.NoRoute,
        };
    }

    private async Task<string?> OriginateAsync(CallId id, string asked, CallAnswer.Accepted accepted)
    {
        var policy = services.Directory.Current?.PolicyOf(who.Domain);
        if (!services.Ordered.TryAdd(id, new OrderedCall(who.Domain, who.User, sessionId, asked), policy?.MaxConcurrentCallsPerUser ?? services.MaxCallsPerUser))
            return "user-concurrent-limit";
        var command = new OriginateCommand(
            who.Domain, who.User, accepted.Callee, accepted.CallerId, MaxDurationSeconds: Shorter(policy?.MaxCallSeconds, accepted.MaxDuration),
            Asked: asked == accepted.Callee ? null : asked);
        var answer = OriginateGuard.Check(command) is null
            ? await services.Calls.OriginateAsync(id, command, CancellationToken.None)
            : new OriginateAnswer(OriginateVerdict.Conflict);
        if (answer.Verdict is OriginateVerdict.Accepted) return null;
        services.Ordered.TryRemove(id, out _);
        return answer.Verdict switch
        {
            OriginateVerdict.Draining => WorkerProblemReasons.Draining,
            OriginateVerdict.NoCapacity => WorkerProblemReasons.NoCapacity,
            OriginateVerdict.Conflict => "destination-invalid",
            _ => WorkerProblemReasons.NotReady,
        };
    }

    private async Task<string?> OrderAsync(string id, Func<UserCall, CallOrder> order) =>
        Find(id) is { } call ? await services.OrderAsync(call.Call.CallId, order(call)) : CallNotFound;

    private UserCall? Find(string id) => CallId.TryParse(id, out var callId)
        ? services.CallsOf(who.Domain, who.User).FirstOrDefault(call => call.Call.CallId == callId)
        : null;

    private bool IsRecordedByRule(UserCall call) => services.Directory.Current is not { } directory
        || directory.Records(who.Domain, call.Call.Call.User) || directory.Records(who.Domain, who.User);

    /// <summary>People write numbers with spaces and brackets; in a name, such as <c>anna.maria</c>, each character counts.</summary>
    private static string Plain(string asked)
    {
        var bare = string.Concat(asked.Where(c => c is not (' ' or '(' or ')' or '-' or '.' or '/')));
        return bare.All(c => char.IsAsciiDigit(c) || c is '+' or '*' or '#') ? bare : asked.Trim();
    }

    private static string RoleName(UserCall call) => call.Role is LegRole.Destination ? "destination" : "user";

    private static int? Shorter(int? seconds, TimeSpan? other)
    {
        var second = other is { } span ? (int?)Math.Max(1, (int)Math.Min(span.TotalSeconds, 86_400)) : null;
        return seconds is { } first && second is { } both ? Math.Min(first, both) : seconds ?? second;
    }
}
