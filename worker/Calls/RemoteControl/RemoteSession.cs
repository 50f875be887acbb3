using System.Net.WebSockets;
using System.Threading.Channels;
using ClickToDial.Calls.Hooks;
using ClickToDial.Contracts.Calls;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.RemoteControl;

/// <summary>
/// One page's socket. One loop reads and obeys; another writes, so that a page which reads slowly is told how things are now, and not
/// all that has happened meanwhile: changes that were not told yet become one list.
/// </summary>
internal sealed class RemoteSession
{
    public const int MaxFrame = 16 * 1024;

    private const int MaxWaiting = 64;
    private const int MostAnnounced = 16;
    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(2);

    private readonly WebSocket _socket;
    private readonly RemoteServices _services;
    private readonly string _sessionId;
    private readonly Func<string, CancellationToken, Task<BrowserIdentity?>> _renew;
    private readonly FrameRate _rate;
    private readonly Channel<Told> _out = Channel.CreateBounded<Told>(MaxWaiting);
    private readonly Dictionary<CallId, bool> _known = [];
    private readonly Queue<CallId> _announced = new();
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private BrowserIdentity _who;
    private RemoteOrders _orders;
    private volatile bool _ownCalls = true;
    private volatile bool _domainCalls;
    private int _isRung;
    private string? _followed;

    /// <param name="renew">The identity that another token stands for; null when it does not hold, or is another user's.</param>
    public RemoteSession(
        WebSocket socket, RemoteServices services, BrowserIdentity who, string sessionId, Func<string, CancellationToken, Task<BrowserIdentity?>> renew)
    {
        (_socket, _services, _who, _sessionId, _renew) = (socket, services, who, sessionId, renew);
        _orders = new RemoteOrders(services, who, sessionId);
        _rate = new FrameRate(2 * services.Options.FramesPerSecond, services.Options.FramesPerSecond, services.Time);
    }

    public bool WatchesDomain => _domainCalls && SeesDomain;

    // A token for some destinations is for a page that need not know who else works here.
    private bool SeesDomain => _services.Options.DomainCalls && _who.Destinations is null;

    /// <summary>The one that its hooks know it by.</summary>
    public string Id => _sessionId;

    /// <summary>Tells the page what its domain's back end has failed at. Never waits.</summary>
    public void ShowError(ClientNews news) => Tell(new Told(RemoteFrameWriter.HookFailed(
        HookJson.Text(news.Body["apiMethod"]) ?? "", HookJson.Text(news.Body["info"]) ?? "", HookJson.Text(news.Body["callId"]))));

    /// <summary>Something that the page is told of has changed. Never waits.</summary>
    public void Ring()
    {
        if (Interlocked.Exchange(ref _isRung, 1) == 0) Tell(Told.News);
    }

    /// <summary>Ends it from outside; the reason is told to the page.</summary>
    public void End(string why) => _ended.TrySetResult(why);

    /// <summary>Until the page leaves, breaks a limit, or the session ends.</summary>
    /// <returns>Why it ended.</returns>
    public async Task<string> RunAsync(CancellationToken stop)
    {
        Ring();
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var writing = WriteAsync(gone.Token);
        var reading = ReadAsync(gone.Token);
        await Task.WhenAny(reading, writing, _ended.Task, Task.Delay(Timeout.Infinite, gone.Token));
        var why = _ended.Task.IsCompletedSuccessfully ? await _ended.Task : reading.IsCompletedSuccessfully ? await reading : "connection-lost";
        _out.Writer.TryComplete();
        await writing.WaitAsync(SendLimit, _services.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await CloseAsync(why);
        await gone.CancelAsync();
        await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        FollowDomain(on: false);
        return why;
    }

    private async Task<string> ReadAsync(CancellationToken stop)
    {
        var buffer = new byte[MaxFrame];
        while (true)
        {
            var receiving = ReceiveAsync(buffer, stop);
            if (await LateAsync(receiving) is { } late) return late;
            var (length, fault) = await receiving;
            if (fault is not null) return fault;
            if (!_rate.TryTake()) return "too-many-frames";
            if (RemoteFrameReader.TryRead(buffer.AsMemory(0, length)) is { } frame)
            {
                await ObeyAsync(frame, stop);
                _rate.Unread();
                if (WatchesDomain) FollowDomain(on: true);
            }
            else Tell(new Told(RemoteFrameWriter.Refused("", "frame-invalid")));
        }
    }

    /// <summary>Waits; says why when it took too long. The receiving itself is not cancelled, because that would break the socket.</summary>
    private async Task<string?> LateAsync(Task receiving)
    {
        while (!receiving.IsCompleted)
        {
            var left = _who.ExpiresAt - _services.Time.GetUtcNow();
            if (left <= TimeSpan.Zero) return "token-expired";
            var idle = TimeSpan.FromSeconds(_services.Options.IdleSeconds);
            var limit = left < idle ? left : idle;
            await receiving.WaitAsync(limit, _services.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!receiving.IsCompleted && limit == idle) return "idle";
        }
        return null;
    }

    private async Task<(int Length, string? Fault)> ReceiveAsync(byte[] buffer, CancellationToken stop)
    {
        var length = 0;
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer.AsMemory(length), stop);
            if (part.MessageType is WebSocketMessageType.Close) return (0, "left");
            if (part.MessageType is WebSocketMessageType.Binary) return (0, "not-text");
            length += part.Count;
            if (part.EndOfMessage) return (length, null);
            if (length == buffer.Length) return (0, "frame-too-large");
        }
    }

    private async Task ObeyAsync(RemoteFrame frame, CancellationToken stop)
    {
        switch (frame)
        {
            case RemoteFrame.GetCalls: Tell(Told.Calls); break;
            case RemoteFrame.GetUsers or RemoteFrame.DomainCalls { Subscribe: true } when !SeesDomain: Refuse(frame is RemoteFrame.GetUsers ? "get-users" : "domain-calls", "scope-missing"); break;
            case RemoteFrame.GetUsers: Tell(Told.Users); break;
            case RemoteFrame.OwnCalls own: Subscribe(() => _ownCalls = own.Subscribe); break;
            case RemoteFrame.DomainCalls all: Subscribe(() => _domainCalls = all.Subscribe); break;
            case RemoteFrame.MakeCall call: Refuse("make-call", await _orders.CallAsync(call.To, stop), to: call.To); break;
            case RemoteFrame.Accept accept: Refuse("accept-call", await _orders.AcceptAsync(accept.Id), accept.Id); break;
            case RemoteFrame.Hold hold: Refuse("hold-call", await _orders.HoldAsync(hold.Id), hold.Id); break;
            case RemoteFrame.Clear clear: Refuse("clear-call", await _orders.HangUpAsync(clear.Id), clear.Id); break;
            case RemoteFrame.Mute mute: Refuse("mute", await _orders.MuteAsync(mute.Id, mute.On), mute.Id); break;
            case RemoteFrame.Record record: Refuse("rec-call", await _orders.RecordAsync(record.Id, record.On), record.Id); break;
            case RemoteFrame.BlindTransfer blind: Refuse("blind-transfer", await _orders.TransferAsync(blind.Id, blind.To, stop), blind.Id, blind.To); break;
            case RemoteFrame.AttendedTransfer join: Refuse("att-transfer", await _orders.JoinAsync(join.Id, join.Other), join.Id); break;
            case RemoteFrame.Renew renew: await RenewAsync(renew.Token, stop); break;
            case RemoteFrame.Unknown unknown: Refuse(unknown.Action, "command-not-supported"); break;
            case RemoteFrame.KeepAlive: break;
        }
    }

    private async Task RenewAsync(string token, CancellationToken stop)
    {
        if (await _renew(token, stop) is not { } who)
        {
            Refuse("session", "token-invalid");
            return;
        }
        _who = who;
        _orders = new RemoteOrders(_services, who, _sessionId);
    }

    // A domain's calls at other workers are known for as long as somebody watches it. Who has watched it once counts until it leaves: to be
    // asked on and off costs the others all calls of the domain each time.
    private void FollowDomain(bool on)
    {
        if (on == _followed is not null || _services.Elsewhere is not { } elsewhere) return;
        if (_followed is { } domain) elsewhere.Unwatch(domain, user: null);
        _followed = on ? _who.Domain : null;
        if (_followed is not null) elsewhere.Watch(_followed, user: null);
    }

    private void Subscribe(Action change)
    {
        change();
        Ring();
    }

    private void Refuse(string action, string? why, string? id = null, string? to = null)
    {
        if (why is not null) Tell(new Told(RemoteFrameWriter.Refused(action, why, id, to)));
    }

    // A page for which so much waits reads nothing any more.
    private void Tell(Told told)
    {
        if (!_out.Writer.TryWrite(told)) End("too-slow");
    }

    private async Task WriteAsync(CancellationToken stop)
    {
        await foreach (var told in _out.Reader.ReadAllAsync(stop))
            foreach (var frame in FramesOf(told))
            {
                using var limit = new CancellationTokenSource(SendLimit, _services.Time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
                await _socket.SendAsync(frame.AsMemory(), WebSocketMessageType.Text, endOfMessage: true, either.Token);
            }
    }

    private List<byte[]> FramesOf(Told told)
    {
        if (told.Frame is { } frame) return [frame];
        if (told == Told.Users) return [DomainState(WatchesDomain)];
        // Before looking: what changes from here on is told again.
        if (told == Told.News) Volatile.Write(ref _isRung, 0);
        return Calls(told == Told.Calls);
    }

    private List<byte[]> Calls(bool asked)
    {
        var frames = new List<byte[]>(4);
        var directory = _services.Directory.Current;
        var calls = _services.CallsOf(_who.Domain, _who.User).OrderBy(call => call.Call.Call.StartedAt).ToList();
        foreach (var call in calls)
        {
            var isRecorded = call.Call.Talk?.RecordingId is not null;
            var isNew = !_known.TryGetValue(call.Call.CallId, out var wasRecorded);
            if (isNew && call.IsIncoming && Announces(call.Call.CallId)) frames.Add(RemoteFrameWriter.CallerId(call, directory));
            if (isRecorded != wasRecorded) frames.Add(RemoteFrameWriter.Recording(call, isRecorded));
            _known[call.Call.CallId] = isRecorded;
        }
        foreach (var over in _known.Keys.Except(calls.Select(call => call.Call.CallId)).ToList()) _known.Remove(over);
        if (_ownCalls || asked) frames.Add(RemoteFrameWriter.CallState(calls, directory));
        if (WatchesDomain) frames.Add(DomainState(withCalls: true));
        return frames;
    }

    // Calls of a worker that was away leave the list, and may come back: they are not new.
    private bool Announces(CallId id)
    {
        if (_announced.Contains(id)) return false;
        if (_announced.Count == MostAnnounced) _announced.Dequeue();
        _announced.Enqueue(id);
        return true;
    }

    private byte[] DomainState(bool withCalls)
    {
        var directory = _services.Directory.Current;
        var calls = withCalls ? _services.CallsSeenBy(_who) : null;
        var accounts = (directory?.UsersOf(_who.Domain) ?? []).Select(user => new RemoteAccount(
            user.Name, user.DisplayName ?? "", _services.IsReachable(_who.Domain, user.Name), calls is null ? null : [.. calls[user.Name]]));
        return RemoteFrameWriter.DomainState(_who.Domain, accounts, directory);
    }

    private async Task CloseAsync(string why)
    {
        var status = why switch
        {
            "left" or "worker-draining" => WebSocketCloseStatus.NormalClosure,
            "not-text" => WebSocketCloseStatus.InvalidMessageType,
            "frame-too-large" => WebSocketCloseStatus.MessageTooBig,
            _ => WebSocketCloseStatus.PolicyViolation,
        };
        if (_socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived)) return;
        // Waits for the page's own: a connection that is cut at once may take the reason along.
        using var limit = new CancellationTokenSource(CloseLimit, _services.Time);
        await _socket.CloseAsync(status, why, limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>What waits to be told: a frame, or that something is to be looked at when its turn comes.</summary>
    private sealed class Told(byte[]? frame)
    {
        public static readonly Told News = new(null);
        public static readonly Told Calls = new(null);
        public static readonly Told Users = new(null);

        public byte[]? Frame => frame;
    }
}
