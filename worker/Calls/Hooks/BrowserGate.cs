using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Edge;
using ClickToDial.Calls.Legs;
using ClickToDial.Calls.Registrar;
using ClickToDial.Sip.Authentication;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;
using ClickToDial.Sip.Transport;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Hooks;

/// <summary>A browser that was let in: one token over one connection.</summary>
internal sealed record BrowserSession(string Id, string Token, BrowserIdentity Identity)
{
    /// <summary>The connection.</summary>
    public SipFlow? Flow { get; init; }

    public override string ToString() => Id;
}

/// <summary>
/// Lets in browsers that present a session token over a WebSocket. The hooks are asked once for each token and connection; what they
/// said holds until the token expires. Called on the stack's loop, and answers there.
/// </summary>
internal sealed class BrowserGate : IDisposable
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(5);

    // Browsers that are connected to another worker.
    private readonly Fellows? _elsewhere;
    private readonly IBrowserHooks _hooks;
    private readonly IDirectory _directory;
    private readonly DigestAuthenticator _digest;
    private readonly SipEndpoint _endpoint;
    private readonly TimeProvider _time;
    private readonly TimeSpan _limit;
    private readonly ILogger _logger;
    private readonly ITimer _sweep;
    private readonly ConcurrentDictionary<SipFlow, BrowserSession> _sessions = new();
    private readonly ConcurrentDictionary<string, SipFlow> _flows = new(StringComparer.Ordinal);

    public BrowserGate(
        IBrowserHooks hooks, IDirectory directory, DigestAuthenticator digest, SipEndpoint endpoint, BrowserOptions options, TimeProvider time,
        ILogger<BrowserGate> logger, Fellows? elsewhere = null)
    {
        _elsewhere = elsewhere;
        (_hooks, _directory, _digest, _endpoint, _time, _logger) = (hooks, directory, digest, endpoint, time, logger);
        _limit = TimeSpan.FromSeconds(options.HookSeconds);
        _sweep = time.CreateTimer(_ => Sweep(), null, SweepEvery, SweepEvery);
    }

    /// <summary>True when the request presents a token: then <see cref="Admit"/> decides, and nobody else.</summary>
    public static bool IsBrowser(ServerTransaction transaction) =>
        TokenCredentials.BearerOf(transaction.Request) is not null || TokenCredentials.HasDigest(transaction.Request);

    /// <param name="host">The domain that the browser claims to be of.</param>
    /// <param name="proxy">Challenge by 407 and not by 401, where a challenge is due.</param>
    /// <param name="admitted">Called on the stack's loop, unless the request has been answered by then.</param>
    public void Admit(ServerTransaction transaction, string host, bool proxy, Action<BrowserSession, DeviceOwner> admitted)
    {
        if (_directory.Current is null) DeviceGate.Unavailable(transaction);
        else if (transaction.Flow.Kind is not (SipTransportKind.Ws or SipTransportKind.Wss)) Refuse(transaction, new HookRefusal(403, "token-needs-websocket"));
        else if (TokenOf(transaction, host.ToLowerInvariant(), proxy) is { } token)
        {
            if (_sessions.TryGetValue(transaction.Flow, out var known) && known.Token == token) Enter(transaction, host, known, admitted);
            else _ = ConnectAsync(transaction, host, token, admitted);
        }
    }

    /// <summary>Asks whether a call may be made, and as what.</summary>
    /// <param name="decided">Called on the stack's loop, unless the caller has given up meanwhile; a refusal has been answered.</param>
    public async Task AskAsync(ServerTransaction transaction, BrowserCall call, Action<CallAnswer.Accepted> decided)
    {
        var answer = await WithinLimitAsync(stop => _hooks.CallAsync(call, stop)) ?? new CallAnswer.Refused(new HookRefusal(503, "hook-failed"));
        _endpoint.Post(() =>
        {
            if (transaction.IsAnswered) return;
            if (answer is CallAnswer.Accepted accepted) decided(accepted);
            else
            {
                var why = ((CallAnswer.Refused)answer).Why;
                Tell(BrowserEventKind.CallRefused, call, why.Status, why.Slug);
                Refuse(transaction, why);
            }
        });
    }

    /// <summary>Who was let in over a connection; null when nobody was. From any thread.</summary>
    public BrowserSession? SessionOver(SipFlow flow) => flow.Edge is null ? _sessions.GetValueOrDefault(flow) : _elsewhere?.SessionOver(flow);

    /// <summary>Tells a browser what its back end is told of it, and what that fails at: a MESSAGE (RFC 3428) over its connection. From any thread.</summary>
    public void Show(ClientNews news) => _endpoint.Post(() =>
    {
        var session = _flows.TryGetValue(news.SessionId, out var own) ? SessionOver(own) : _elsewhere?.SessionOf(news.SessionId);
        if (session is not { Flow: { } flow } || !_endpoint.IsOpen(flow)) return;
        var browser = SipUri.Create(session.Identity.User, session.Identity.Domain);
        var message = _endpoint.CreateRequest(SipMethod.Message, browser, new NameAddress(SipUri.Create(null, session.Identity.Domain)), new NameAddress(browser));
        var frame = new JsonObject { ["message"] = news.Method, ["data"] = new JsonArray(news.Body) };
        message.SetBody(Encoding.UTF8.GetBytes(frame.ToJsonString()), "application/json");
        // Who does not take messages misses nothing that it needs.
        _endpoint.Request(message, flow, _ => { });
    });

    public void Tell(BrowserEventKind kind, BrowserCall call, int? status = null, string? reason = null) => _hooks.Notify(new BrowserEvent(
        kind, call.SessionId, _time.GetUtcNow(), call.Identity.Domain, call.Identity.User, call.CallId, call.Destination, status, reason));

    public void Tell(BrowserEventKind kind, BrowserSession session) =>
        _hooks.Notify(new BrowserEvent(kind, session.Id, _time.GetUtcNow(), session.Identity.Domain, session.Identity.User));

    /// <summary>A refusal says its slug as Reason (RFC 3326), and with 401 what was presented (RFC 8898 section 3).</summary>
    public static void Refuse(ServerTransaction transaction, HookRefusal why)
    {
        BrowserMetrics.Refused.Add(1, new KeyValuePair<string, object?>("rule", why.Slug));
        var response = transaction.CreateResponse(why.Status);
        response.Headers.Add(HeaderName.Reason, new HangUpReason(why.Status, why.Slug).ToString());
        if (why.Status == 401)
        {
            var realm = WireText.Quote(transaction.Request.From.Uri.Host.ToLowerInvariant());
            response.Headers.Add(HeaderName.WwwAuthenticate, $"Bearer realm={realm}, error=\"invalid_token\"");
        }
        transaction.Respond(response);
    }

    public void Dispose() => _sweep.Dispose();

    // Null when the request was answered.
    private string? TokenOf(ServerTransaction transaction, string realm, bool proxy)
    {
        if (TokenCredentials.BearerOf(transaction.Request) is { } bearer) return bearer;
        var source = transaction.Flow.Remote.Address;
        var verdict = _digest.Verify(transaction.Request, realm, proxy, name => TokenCredentials.SecretOf(name, realm), source);
        if (verdict.IsAccepted) return verdict.UserName;
        var challenge = transaction.CreateResponse(proxy ? 407 : 401);
        _digest.Challenge(challenge, realm, stale: verdict.Outcome == DigestOutcome.Stale, source);
        transaction.Respond(challenge);
        return null;
    }

    private async Task ConnectAsync(ServerTransaction transaction, string host, string token, Action<BrowserSession, DeviceOwner> admitted)
    {
        var flow = transaction.Flow;
        var id = _endpoint.Tokens.Next();
        var agent = transaction.Request.Headers.Get(HeaderName.UserAgent);
        var connect = new BrowserConnect(id, token, flow.Origin, flow.Remote, agent);
        var answer = await WithinLimitAsync(stop => _hooks.ConnectAsync(connect, stop)) ?? new ConnectAnswer.Refused(new HookRefusal(503, "hook-failed"));
        _endpoint.Post(() =>
        {
            if (answer is ConnectAnswer.Refused { Why: var why })
            {
                HookLog.BrowserRefused(_logger, why.Slug);
                _hooks.Notify(new BrowserEvent(BrowserEventKind.ConnectRefused, id, _time.GetUtcNow(), SipStatus: why.Status, Reason: why.Slug));
                if (!transaction.IsAnswered) Refuse(transaction, why);
                return;
            }
            var session = new BrowserSession(id, token, ((ConnectAnswer.Accepted)answer).Identity) { Flow = flow };
            var before = _sessions.GetValueOrDefault(flow);
            var isOpen = _endpoint.IsOpen(flow);
            if (isOpen) (_sessions[flow], _flows[id]) = (session, flow);
            BrowserMetrics.Connected.Add(1);
            Tell(BrowserEventKind.Connected, session);
            // A new token takes the place of the one before; who has gone meanwhile is not seen to go.
            if (isOpen && before is not null) Leave(before);
            if (!isOpen) Tell(BrowserEventKind.Disconnected, session);
            if (!transaction.IsAnswered) Enter(transaction, host, session, admitted);
        });
    }

    private void Enter(ServerTransaction transaction, string host, BrowserSession session, Action<BrowserSession, DeviceOwner> admitted)
    {
        var identity = session.Identity;
        if (identity.ExpiresAt <= _time.GetUtcNow()) Refuse(transaction, new HookRefusal(401, "token-expired"));
        else if (!string.Equals(identity.Domain, host, StringComparison.OrdinalIgnoreCase)) Refuse(transaction, new HookRefusal(403, "token-domain-differs"));
        else if (BrowserDevice.Of(_directory.Current!, identity.Domain, identity.User) is not { } owner) Refuse(transaction, new HookRefusal(403, "user-unknown"));
        else admitted(session, owner);
    }

    // Null when it failed or took too long: whose fault that is, is not the browser's business.
    private async Task<T?> WithinLimitAsync<T>(Func<CancellationToken, Task<T>> ask)
        where T : class
    {
        using var limit = new CancellationTokenSource(_limit, _time);
        try
        {
            return await ask(limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            HookLog.HookFailed(_logger, e);
            return null;
        }
    }

    private void Sweep()
    {
        foreach (var (flow, session) in _sessions)
            if (!_endpoint.IsOpen(flow) && _sessions.TryRemove(flow, out _)) Leave(session);
    }

    private void Leave(BrowserSession session)
    {
        _flows.TryRemove(session.Id, out _);
        Tell(BrowserEventKind.Disconnected, session);
    }
}
