using System.Net.Sockets;
using System.Net.WebSockets;
using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.Registrar;
using ClickToDial.Calls.Secrets;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Parsing;
using ClickToDial.Sip.Transport;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Edge;

/// <summary>What all links of a worker have in common.</summary>
/// <param name="OwnName">What this worker calls itself.</param>
/// <param name="Elsewhere">Whose calls are watched here.</param>
/// <param name="DialogsOver">How many dialogs here lead over a worker of that name.</param>
/// <param name="Changed">Called when something else is known than before, of phones or of the link itself.</param>
/// <param name="TryName">Gives a link the name that it was told; false for our own, and for that of another link.</param>
/// <param name="Grace">A broken link may be back within this time: until then its phones count as reached.</param>
/// <param name="OrderLimit">How long the other worker may take to answer an order.</param>
internal sealed record FellowLinks(
    string OwnName, LiveSecret Token, ISipTransportSink Sink, HookSessions Rules, BindingStore Own, CallsElsewhere Elsewhere, Func<string, int> DialogsOver, Action Changed,
    Func<FellowLink, string, bool> TryName, TimeSpan Grace, TimeSpan OrderLimit, TimeProvider Time, ILogger Logger);

/// <summary>
/// The way to one other worker's phones and calls: who is registered there, what is sent to and comes from them, what becomes of calls. When the socket breaks, it is made
/// anew, and what had to go over it goes over the next; all is forgotten when that does not succeed, or another process answers.
/// </summary>
internal sealed class FellowLink : IAsyncDisposable
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ShortPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PauseOfFull = TimeSpan.FromMilliseconds(10);

    // One that died without a word is noticed after both.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan KeepAliveLimit = TimeSpan.FromSeconds(8);

    private readonly FellowLinks _links;
    private readonly CancellationTokenSource _stop = new();
    private readonly EdgeOutbox _outbox = new();
    private readonly FellowPhones _phones;
    private Task _running = Task.CompletedTask;
    private EdgeSocket? _socket;
    private volatile bool _isUp;
    private bool _isKnownAlready;
    private volatile string? _name;
    private long _lostAt;

    public FellowLink(Uri address, FellowLinks links)
    {
        (Address, _links) = (address, links);
        _phones = new FellowPhones(links.Rules, links.Own);
        Calls = new FellowCalls(_outbox, links.Elsewhere, links.OrderLimit, links.Time);
    }

    private enum AttemptEnd
    {
        Served,
        Silent,
        Refused,
        KnownAlready,
        Broken,
    }

    public Uri Address { get; }

    /// <summary>What the other worker calls itself; null while it is not reached. Set by who gives names.</summary>
    public string? Name
    {
        get => _name;
        set => _name = value;
    }

    /// <summary>False also while it may be back at any moment.</summary>
    public bool IsUp => _isUp;

    public FellowPhones Phones => _phones;

    public FellowCalls Calls { get; }

    public bool IsEncrypted => Address.Scheme == Uri.UriSchemeHttps;

    public void Start() => _running = Task.Run(RunAsync);

    public bool TrySend(SipFlow flow, ReadOnlySpan<byte> message)
    {
        if (!IsOpen(flow)) return false;
        // Datagrams get lost, and are repeated by who sent them.
        if (!_outbox.HasRoom || (!_isUp && !flow.IsReliable)) return !flow.IsReliable;
        _outbox.Send(EdgeFrame.Write(EdgeFrameKind.Message, flow, message));
        return true;
    }

    public bool IsOpen(SipFlow flow) => Leads(flow) && !_phones.IsGone(flow);

    public bool Leads(SipFlow flow) => _name is { } name && name == flow.Edge;

    /// <summary>Asks for the calls of a user, or no longer; nothing while the other worker is not reached, as all are asked for when it is.</summary>
    public void Follow((string Domain, string? User) whose)
    {
        Calls.Prune(whose);
        if (_isUp) Calls.Follow(whose);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var wasReached = true;
        while (!_stop.IsCancellationRequested)
        {
            var end = await TryOnceAsync();
            var isOver = end is AttemptEnd.Refused or AttemptEnd.Broken || _links.Time.GetElapsedTime(_lostAt) >= _links.Grace;
            if (_name is not null && isOver) Forget();
            if (wasReached && end is AttemptEnd.Silent or AttemptEnd.Refused && _name is null) EdgeLog.Unreached(_links.Logger, Address);
            wasReached = end == AttemptEnd.Served || _name is not null;
            var pause = end is AttemptEnd.KnownAlready or AttemptEnd.Broken ? LongPause : _name is not null ? ShortPause : Pause;
            await Task.Delay(pause, _links.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        if (_name is not null) Forget();
    }

    private async Task<AttemptEnd> TryOnceAsync()
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {_links.Token.Current}");
        (socket.Options.KeepAliveInterval, socket.Options.KeepAliveTimeout) = (KeepAlive, KeepAliveLimit);
        socket.Options.Proxy = null;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            limit.CancelAfter(ConnectLimit);
            await socket.ConnectAsync(Upgrade(), limit.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or HttpRequestException or IOException)
        {
            // Where nobody listens, nobody has that name any more: a worker has a new one at each start.
            return IsRefused(e) ? AttemptEnd.Refused : AttemptEnd.Silent;
        }
        return await ServeAsync(new EdgeSocket(socket));
    }

    private async Task<AttemptEnd> ServeAsync(EdgeSocket socket)
    {
        (_socket, _isKnownAlready) = (socket, false);
        try
        {
            await socket.RunAsync(hello: null, TakeAsync, _stop.Token);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            EdgeLog.Failed(_links.Logger, e, Address);
            return AttemptEnd.Broken;
        }
        finally
        {
            if (_isUp) _lostAt = _links.Time.GetTimestamp();
            _isUp = false;
            _links.Changed();
        }
        return _isKnownAlready ? AttemptEnd.KnownAlready : AttemptEnd.Served;
    }

    private Uri Upgrade() => new UriBuilder(Address) { Scheme = IsEncrypted ? "wss" : "ws", Path = $"control/fellows/{_links.OwnName}" }.Uri;

    private static bool IsRefused(Exception? e) => e is SocketException { SocketErrorCode: SocketError.ConnectionRefused } || (e is not null && IsRefused(e.InnerException));

    private ValueTask TakeAsync(ReadOnlyMemory<byte> frame, bool isText, CancellationToken stop)
    {
        if (isText) return EdgeNews.TryRead(frame.Span, out var news) ? TakeNewsAsync(news!, stop) : default;
        if (!_isUp || !EdgeFrame.TryRead(frame.Span, _name, out var kind, out var flow, out var rest)) return default;
        if (kind == EdgeFrameKind.Gone)
        {
            _phones.Fail(flow);
            _links.Changed();
            _links.Sink.OnFlowFailed(flow);
            return default;
        }
        if (MessageParser.ParseDatagram(rest, SipLimits.Default, out var message) != ParseVerdict.Message) return default;
        _phones.Hear(flow);
        return _links.Sink.OnMessage(message!, flow) || !flow.IsReliable ? default : OfferAsync();

        // Nobody repeats it: the other worker waits with what follows, as a connection's peer would.
        async ValueTask OfferAsync()
        {
            do await Task.Delay(PauseOfFull, _links.Time, stop);
            while (!_links.Sink.OnMessage(message!, flow));
        }
    }

    private async ValueTask TakeNewsAsync(EdgeNews news, CancellationToken stop)
    {
        if (news.Server is { } server && EdgeMarks.IsName(server) && !_isUp) await ComeAsync(server, stop);
        else if (!_isUp || _name is not { } name) return;
        else if (news.User is { } user) Learn(user, name);
        else if (news.IsAll) _phones.End();
        else if (news.IsLeaving == true) _outbox.Tell(() => EdgeNews.Write(new EdgeNews { Using = _links.DialogsOver(name) }));
        else Calls.Take(news);
        _links.Changed();
    }

    private void Learn(EdgeUser user, string name)
    {
        var before = _phones.UserCount;
        _phones.Learn(user, name);
        if (before == 0 && _phones.UserCount > 0) EdgeLog.PhonesKnown(_links.Logger, Address);
    }

    private async Task ComeAsync(string server, CancellationToken stop)
    {
        if (_name == server) EdgeLog.Back(_links.Logger, Address);
        else
        {
            if (_name is not null) Forget();
            if (!_links.TryName(this, server))
            {
                _isKnownAlready = true;
                EdgeLog.KnownAlready(_links.Logger, Address);
                _socket!.Abort();
                return;
            }
            EdgeLog.Reached(_links.Logger, Address);
        }
        _phones.Begin();
        await _socket!.TellAsync(EdgeNews.Write(new EdgeNews(Server: _links.OwnName)), stop);
        _isUp = true;
        Calls.Begin();
        _socket.Open(_outbox);
    }

    // Requests on their way over its connections fail at once, and those by datagram when they have been repeated in vain.
    private void Forget()
    {
        EdgeLog.Lost(_links.Logger, Address, _phones.UserCount);
        _name = null;
        _outbox.Clear();
        Calls.Forget();
        foreach (var flow in _phones.Forget()) _links.Sink.OnFlowFailed(flow);
        _links.Changed();
    }
}
