using System.Net;
using System.Net.WebSockets;
using ClickToDial.Calls.Control;
using ClickToDial.Calls.Hooks;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.RemoteControl;

/// <summary>Who wants remote control: what stands in the request for the upgrade.</summary>
/// <param name="Domain">As the page says, or null; the token decides.</param>
/// <param name="User">As the page says, or null; the token decides.</param>
/// <param name="Token">The session, or null.</param>
public sealed record RemoteKnock(string? Domain, string? User, string? Token, string? Origin, IPEndPoint Source, string? UserAgent)
{
    public override string ToString() => $"remote control from {Source}";
}

/// <summary>Lets pages in and tells them of their users' calls: one watch of all calls, and each change to those whom it is about.</summary>
public sealed class RemoteControlServer : IAsyncDisposable
{
    private readonly RemoteServices _services;
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Domain, string User), List<RemoteSession>> _sessions = [];
    private readonly Dictionary<string, RemoteSession> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Domain, string User), int> _reserved = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private int _count;
    private bool _isOver;

    internal RemoteControlServer(RemoteServices services)
    {
        _services = services;
        services.Elsewhere?.Changed = call =>
        {
            if (call is null) RingAll();
            else Ring(call);
        };
        _watching = WatchAsync();
    }

    /// <summary>Asks who it is.</summary>
    /// <returns>The visitor, or the HTTP status and the reason of the refusal.</returns>
    public async Task<(RemoteVisitor? Visitor, int Status, string Reason)> AdmitAsync(RemoteKnock knock, CancellationToken stop)
    {
        if (string.IsNullOrEmpty(knock.Token)) return Refuse(401, "credentials-missing");
        var sessionId = Guid.NewGuid().ToString("N");
        switch (await ConnectAsync(new BrowserConnect(sessionId, knock.Token, knock.Origin, knock.Source, knock.UserAgent), stop))
        {
            case ConnectAnswer.Accepted { Identity: var who } when IsSame(knock, who):
                return new ValueTuple<RemoteVisitor?, int, string>(new RemoteVisitor(sessionId, who, knock), 101, "");
            case ConnectAnswer.Accepted { Identity: var other }:
                Notify(BrowserEventKind.Disconnected, new RemoteVisitor(sessionId, other, knock));
                return Refuse(401, "token-user-differs");
            case ConnectAnswer.Refused { Why: var why }:
                return Refuse(why.Status is 403 ? 403 : why.Status is >= 500 ? 503 : 401, why.Slug);
            default:
                return Refuse(503, "hook-unavailable");
        }
    }

    /// <summary>Serves a socket until it ends; false, and nothing done, when there are too many.</summary>
    /// <param name="accept">Makes the upgrade.</param>
    public async Task<bool> TryServeAsync(RemoteVisitor visitor, Func<Task<WebSocket>> accept, CancellationToken stop)
    {
        var key = (visitor.Identity.Domain, visitor.Identity.User);
        if (!TryReserve(key))
        {
            Notify(BrowserEventKind.Disconnected, visitor);
            return false;
        }
        RemoteSession? session = null;
        try
        {
            using var socket = await accept();
            session = new RemoteSession(socket, _services, visitor.Identity, visitor.SessionId, (token, s) => RenewAsync(visitor, token, s));
            Enter(key, session);
            RemoteLog.Opened(_services.Logger, key.Domain);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, _stop.Token);
            RemoteLog.Closed(_services.Logger, key.Domain, await session.RunAsync(either.Token));
        }
        catch (Exception e) when (e is not OperationCanceledException and not WebSocketException)
        {
            RemoteLog.Failed(_services.Logger, e);
        }
        catch (Exception)
        {
            // The page has gone.
        }
        finally
        {
            Leave(key, session);
            Notify(BrowserEventKind.Disconnected, visitor);
        }
        return true;
    }

    /// <summary>Tells a page what its domain's back end has failed at; of the rest of the news its calls tell already. From any thread.</summary>
    internal void Show(ClientNews news)
    {
        if (news.Method != HookMethod.Error) return;
        RemoteSession? session;
        lock (_gate) _byId.TryGetValue(news.SessionId, out session);
        session?.ShowError(news);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private static bool IsSame(RemoteKnock knock, BrowserIdentity who) =>
        (string.IsNullOrEmpty(knock.Domain) || knock.Domain.Equals(who.Domain, StringComparison.OrdinalIgnoreCase))
        && (string.IsNullOrEmpty(knock.User) || knock.User == who.User);

    private (RemoteVisitor?, int, string) Refuse(int status, string reason)
    {
        RemoteLog.Refused(_services.Logger, reason);
        return (null, status, reason);
    }

    private async Task<BrowserIdentity?> RenewAsync(RemoteVisitor visitor, string token, CancellationToken stop)
    {
        var knock = visitor.Knock with { Token = token, Domain = visitor.Identity.Domain, User = visitor.Identity.User };
        var connect = new BrowserConnect(visitor.SessionId, token, knock.Origin, knock.Source, knock.UserAgent);
        return await ConnectAsync(connect, stop) is ConnectAnswer.Accepted { Identity: var who } && IsSame(knock, who) ? who : null;
    }

    /// <summary>Null when nobody answered in time.</summary>
    private async Task<ConnectAnswer?> ConnectAsync(BrowserConnect connect, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(_services.HookLimit, _services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            return await _services.Hooks.ConnectAsync(connect, either.Token).WaitAsync(either.Token);
        }
        catch (Exception) when (!stop.IsCancellationRequested)
        {
            return null;
        }
    }

    private void Notify(BrowserEventKind kind, RemoteVisitor visitor) => _services.Hooks.Notify(new BrowserEvent(
        kind, visitor.SessionId, _services.Time.GetUtcNow(), visitor.Identity.Domain, visitor.Identity.User));

    private bool TryReserve((string, string) key)
    {
        lock (_gate)
        {
            if (_isOver || _count >= _services.Options.MaxSockets) return false;
            // Counted before the upgrade, which many may ask for at once.
            var own = _reserved.GetValueOrDefault(key);
            if (own >= _services.Options.MaxSocketsPerUser) return false;
            _reserved[key] = own + 1;
            _count++;
            return true;
        }
    }

    private void Enter((string Domain, string User) key, RemoteSession session)
    {
        lock (_gate)
        {
            if (!_sessions.TryGetValue(key, out var own)) _sessions[key] = own = [];
            own.Add(session);
            _byId[session.Id] = session;
            if (_isOver) session.End(WorkerProblemReasons.Draining);
        }
        _services.Elsewhere?.Watch(key.Domain, key.User);
    }

    private void Leave((string Domain, string User) key, RemoteSession? session)
    {
        lock (_gate)
        {
            _count--;
            if (--_reserved[key] == 0) _reserved.Remove(key);
            if (session is null || !_sessions.TryGetValue(key, out var own)) return;
            own.Remove(session);
            _byId.Remove(session.Id);
            if (own.Count == 0) _sessions.Remove(key);
        }
        _services.Elsewhere?.Unwatch(key.Domain, key.User);
    }

    private async Task WatchAsync()
    {
        using var watch = _services.Calls.Watch(CallFilter.All) ?? throw new InvalidOperationException("The calls are watched by too many already.");
        while (await watch.ReadAsync(_stop.Token) is { } message)
        {
            if (message.Call is { } call) Pass(call);
            else PassAll();
        }
        // The worker has ended its calls.
        lock (_gate)
        {
            _isOver = true;
            foreach (var session in _sessions.Values.SelectMany(own => own)) session.End(WorkerProblemReasons.Draining);
        }
    }

    private void Pass(CallSnapshot call)
    {
        if (call.State == CallState.Ended) Forget(call.CallId, call.Outcome?.Reason);
        Ring(call);
    }

    private void Ring(CallSnapshot call)
    {
        lock (_gate)
        {
            RingUser(call.Call.Domain, call.Call.User);
            if (call.Call.Direction == CallDirection.Internal) RingUser(call.Call.Domain, call.Call.Destination);
            foreach (var (key, own) in _sessions)
                if (key.Domain == call.Call.Domain)
                    foreach (var session in own.Where(session => session.WatchesDomain)) session.Ring();
        }
    }

    private void RingUser(string domain, string user)
    {
        if (!_sessions.TryGetValue((domain, user), out var own)) return;
        foreach (var session in own) session.Ring();
    }

    // Changes were missed: everybody looks, and calls whose end was missed are let go of.
    private void PassAll()
    {
        foreach (var id in _services.Ordered.Ids())
            if (_services.Calls.Find(id) is null or { State: CallState.Ended }) Forget(id, reason: null);
        RingAll();
    }

    private void RingAll()
    {
        lock (_gate)
            foreach (var session in _sessions.Values.SelectMany(own => own)) session.Ring();
    }

    private void Forget(CallId id, string? reason)
    {
        if (!_services.Ordered.TryRemove(id, out var call)) return;
        _services.Hooks.Notify(new BrowserEvent(
            BrowserEventKind.CallFinished, call.SessionId, _services.Time.GetUtcNow(), call.Domain, call.User, id.Value, call.Asked, Reason: reason));
    }
}

/// <summary>A page that was let in.</summary>
public sealed record RemoteVisitor(string SessionId, BrowserIdentity Identity, RemoteKnock Knock);
