using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.Registrar;
using ClickToDial.Calls.Secrets;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Parsing;
using ClickToDial.Sip.Transport;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Edge;

/// <summary>
/// The way to one other worker's phones: who is registered there, and what is sent to and comes from them. All of it is forgotten when the
/// socket ends, and told anew by the next.
/// </summary>
internal sealed class FellowLink(Uri address, string ownName, LiveSecret token, ISipTransportSink sink, HookSessions rules, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // One that died without a word is noticed after both.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(4);

    // Connections that have ended, of which calls under way may still think.
    private const int MostGone = 4096;

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<(string Domain, string User), EdgeUser> _users = new();
    private readonly ConcurrentDictionary<SipFlow, BrowserSession> _browsers = new();
    private readonly ConcurrentDictionary<string, BrowserSession> _sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<SipFlow, bool> _gone = new();
    private Task _running = Task.CompletedTask;
    private volatile EdgeSocket? _socket;
    private volatile string? _name;

    public Uri Address { get; } = address;

    /// <summary>What the other worker calls itself; null while it is not reached.</summary>
    public string? Name => _name;

    /// <summary>Users with registrations there.</summary>
    public int UserCount => _users.Count;

    public void Start() => _running = Task.Run(RunAsync);

    public bool TrySend(SipFlow flow, ReadOnlySpan<byte> message) =>
        IsOpen(flow) && _socket is { } socket && socket.TrySend(EdgeFrame.Write(EdgeFrameKind.Message, flow, message));

    public bool IsOpen(SipFlow flow) => _name is { } name && name == flow.Edge && !_gone.ContainsKey(flow);

    public IReadOnlyList<Binding> Find(string domain, string user) => _users.TryGetValue((domain, user), out var known) ? known.Bindings : [];

    public BrowserSession? SessionOver(SipFlow flow) => _browsers.GetValueOrDefault(flow);

    public BrowserSession? SessionOf(string id) => _sessions.GetValueOrDefault(id);

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
            var isReached = await ConnectAsync();
            if (wasReached && !isReached) EdgeLog.Unreached(logger, Address);
            wasReached = isReached;
            await Task.Delay(Pause, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // True when it was reached, and has gone.
    private async Task<bool> ConnectAsync()
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {token.Current}");
        (socket.Options.KeepAliveInterval, socket.Options.KeepAliveTimeout) = (KeepAlive, KeepAlive);
        socket.Options.Proxy = null;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            limit.CancelAfter(ConnectLimit);
            await socket.ConnectAsync(Upgrade(), limit.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or HttpRequestException or IOException)
        {
            return false;
        }
        var frames = new EdgeSocket(socket);
        _socket = frames;
        await frames.RunAsync(Take, _stop.Token);
        Forget();
        return true;
    }

    private Uri Upgrade() => new UriBuilder(Address) { Scheme = Address.Scheme == Uri.UriSchemeHttps ? "wss" : "ws", Path = $"control/fellows/{ownName}" }.Uri;

    private void Take(ReadOnlyMemory<byte> frame, bool isText)
    {
        if (isText) TakeNews(frame.Span);
        else if (_name is { } name && EdgeFrame.TryRead(frame.Span, name, out var kind, out var flow, out var rest)) TakeFrame(kind, flow, rest);
    }

    private void TakeFrame(EdgeFrameKind kind, SipFlow flow, ReadOnlySpan<byte> rest)
    {
        if (kind == EdgeFrameKind.Gone)
        {
            if (_gone.Count >= MostGone) _gone.Clear();
            _gone[flow] = true;
            Leave(flow);
            sink.OnFlowFailed(flow);
        }
        else if (MessageParser.ParseDatagram(rest, SipLimits.Default, out var message) == ParseVerdict.Message)
        {
            _gone.TryRemove(flow, out _);
            sink.OnMessage(message!, flow);
        }
    }

    private void TakeNews(ReadOnlySpan<byte> text)
    {
        if (TryRead(text) is not { } news) return;
        if (news.Server is { } server && EdgeMarks.IsName(server))
        {
            _name = server;
            EdgeLog.Reached(logger, Address);
        }
        else if (news.User is { } user && _name is { } name) Learn(user, name);
    }

    private void Learn(EdgeUser user, string name)
    {
        var bindings = user.Bindings.Where(binding => IPEndPoint.TryParse(binding.Source, out _)).Select(binding => binding with { Edge = name }).ToList();
        if (bindings.Count == 0) _users.TryRemove((user.Domain, user.User), out _);
        else _users[(user.Domain, user.User)] = user with { Bindings = bindings, Sessions = null };
        foreach (var binding in bindings) _gone.TryRemove(binding.Flow, out _);
        foreach (var session in user.Sessions ?? [])
        {
            if (!IPEndPoint.TryParse(session.Source, out var source)) continue;
            var flow = new SipFlow(session.Transport, source) { Edge = name };
            if (_browsers.GetValueOrDefault(flow) is { } before && before.Id != session.Id) Leave(flow);
            var identity = session.Identity;
            rules.TryAdd(session.Id, new HookSession(HookRules.Read(session.Rules), source.Address, identity.Domain, identity.User, identity.ExpiresAt));
            _sessions[session.Id] = _browsers[flow] = new BrowserSession(session.Id, session.Token, identity) { Flow = flow };
        }
    }

    private void Leave(SipFlow flow)
    {
        if (!_browsers.TryRemove(flow, out var session)) return;
        _sessions.TryRemove(session.Id, out _);
        rules.Remove(session.Id);
    }

    private static EdgeNews? TryRead(ReadOnlySpan<byte> text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, EdgeJson.Default.EdgeNews);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Requests on their way over its connections fail at once, and those by datagram when they have been repeated in vain.
    private void Forget()
    {
        var flows = _users.Values.SelectMany(user => user.Bindings).Select(binding => binding.Flow).Where(flow => flow.IsReliable).Distinct().ToList();
        if (_name is not null) EdgeLog.Lost(logger, Address, _users.Count);
        (_name, _socket) = (null, null);
        _users.Clear();
        foreach (var flow in _browsers.Keys) Leave(flow);
        _gone.Clear();
        foreach (var flow in flows) sink.OnFlowFailed(flow);
    }
}
