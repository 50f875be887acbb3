using System.Collections.Immutable;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using ClickToDial.Calls.Control;
using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.Registrar;
using ClickToDial.Calls.Secrets;
using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Transport;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Edge;

/// <summary>
/// The other workers of the same phones' domains. A call lives on one worker, and its legs go to phones of any: to the stack a phone of
/// another worker's is a flow as those of its own are, and this is the transport that serves it.
/// </summary>
public sealed class Fellows : ISipTransport
{
    private readonly LiveSecret _token;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();

    // A new one at each start: what a worker was asked before it died, its successor knows nothing of.
    private readonly string _name = RandomNumberGenerator.GetHexString(16, lowercase: true);
    private ImmutableArray<FellowLink> _links = [];
    private TaskCompletionSource _changed = NewSource();
    private ISipTransportSink? _sink;
    private EdgeHost? _host;
    private SipEndpoint? _endpoint;
    private HookSessions? _rules;
    private BindingStore? _own;
    private ImmutableArray<Uri> _known = [];
    private bool _isOver;

    public Fellows(LiveSecret token, TimeProvider time, ILogger<Fellows> logger)
    {
        (_token, _time, _logger) = (token, time, logger);
        Elsewhere = new CallsElsewhere(() => _links);
    }

    SipTransportKind ISipTransport.Kind => SipTransportKind.Tcp;

    IPEndPoint ISipTransport.Local { get; } = new(IPAddress.None, 0);

    bool ISipTransport.IsListener => false;

    /// <summary>Workers that are known, and how many of them are reached.</summary>
    public (int Known, int Reached, int Users) State
    {
        get
        {
            var links = _links;
            return (links.Length, links.Count(link => link.IsUp), links.Sum(link => link.Phones.UserCount));
        }
    }

    /// <summary>Calls of the others, of users whom somebody watches here.</summary>
    internal CallsElsewhere Elsewhere { get; }

    /// <summary>How long a link may be broken before its phones count as gone. Set before others are known.</summary>
    internal TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long another worker may take to answer an order. Set before others are known.</summary>
    internal TimeSpan OrderLimit { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long another worker may take to say whether it uses phones here. Set after the phones are lent.</summary>
    internal TimeSpan UseLimit
    {
        get => _host!.UseLimit;
        set => _host!.UseLimit = value;
    }

    /// <summary>
    /// These are the other workers now, by their control APIs. One that is not named any more is let go when it is not reached either: who
    /// cannot tell the functions where it is may well have phones. From any thread.
    /// </summary>
    public void Know(IEnumerable<Uri> addresses)
    {
        lock (_gate)
        {
            _known = [.. addresses.Distinct()];
            if (_sink is not null && !_isOver) Follow(_sink);
        }
    }

    /// <summary>Serves another worker's socket until it ends; its caller has checked the token.</summary>
    public Task ServeAsync(WebSocket socket, string guest, CancellationToken stop) =>
        _host is { } host ? host.ServeAsync(socket, guest, stop) : Task.CompletedTask;

    /// <summary>Completes when what is known of the others, now or later, is as wished.</summary>
    public async Task WhenAsync(Func<Fellows, bool> wished)
    {
        ArgumentNullException.ThrowIfNull(wished);
        while (true)
        {
            var next = Volatile.Read(ref _changed).Task;
            if (wished(this)) return;
            await next;
        }
    }

    public bool TrySend(SipFlow flow, ReadOnlySpan<byte> message)
    {
        foreach (var link in _links)
            if (link.TrySend(flow, message)) return true;
        return false;
    }

    public bool IsOpen(SipFlow flow)
    {
        foreach (var link in _links)
            if (link.IsOpen(flow)) return true;
        return false;
    }

    /// <summary>Only if nobody can read what goes to the other worker, nor what that one sends to the phone.</summary>
    public bool Encrypts(SipFlow flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        return SipTransports.IsSecure(flow.Kind) && _links.Any(link => link.Leads(flow) && link.IsEncrypted);
    }

    bool ISipTransport.Serves(SipFlow flow) => flow.Edge is not null;

    void ISipTransport.Start(ISipTransportSink sink)
    {
        lock (_gate)
        {
            _sink = sink;
            Follow(sink);
        }
    }

    public async ValueTask DisposeAsync()
    {
        ImmutableArray<FellowLink> links;
        lock (_gate)
        {
            _isOver = true;
            links = _links;
            _links = [];
        }
        foreach (var link in links) await link.DisposeAsync();
        if (_host is { } host) await host.DisposeAsync();
    }

    /// <summary>Before the stack starts.</summary>
    /// <param name="rules">Of browsers here, and, while they are known, of those elsewhere.</param>
    /// <param name="calls">Those here, which others may watch and command.</param>
    internal void Lend(SipEndpoint endpoint, BindingStore bindings, Func<SipFlow, BrowserSession?> browserOver, HookSessions rules, ICallControl? calls = null)
    {
        (_rules, _own, _endpoint) = (rules, bindings, endpoint);
        _host = new EdgeHost(_name, endpoint, bindings, browserOver, rules, _time, _logger);
        if (calls is not null) _host.Tell(calls);
        endpoint.Passage = _host;
        bindings.Changed = _host.OnChanged;
    }

    /// <summary>Completes when no call of another worker leads over phones here.</summary>
    internal Task WhenUnusedAsync(CancellationToken enough) => _host?.WhenUnusedAsync(enough) ?? Task.CompletedTask;

    /// <summary>Live registrations of a user at the others.</summary>
    internal IReadOnlyList<Binding> Find(string domain, string user)
    {
        var links = _links;
        if (links.IsEmpty) return [];
        var now = _time.GetUtcNow();
        return [.. links.SelectMany(link => link.Phones.Find(domain, user)).Where(binding => binding.ExpiresAt > now)];
    }

    internal BrowserSession? SessionOver(SipFlow flow)
    {
        if (flow.Edge is null) return null;
        foreach (var link in _links)
            if (link.Phones.SessionOver(flow) is { } session) return session;
        return null;
    }

    /// <summary>A browser that is connected elsewhere; null when there is none of that id.</summary>
    internal BrowserSession? SessionOf(string id)
    {
        foreach (var link in _links)
            if (link.Phones.SessionOf(id) is { } session) return session;
        return null;
    }

    private void Follow(ISipTransportSink sink)
    {
        var kept = _links.Where(link => link.Name is not null || _known.Contains(link.Address)).ToList();
        foreach (var gone in _links.Except(kept)) _ = gone.DisposeAsync().AsTask();
        foreach (var address in _known.Where(address => kept.TrueForAll(link => link.Address != address)))
        {
            var link = new FellowLink(address, new FellowLinks(_name, _token, sink, _rules!, _own!, Elsewhere, DialogsOver, Note, TryName, Grace, OrderLimit, _time, _logger));
            kept.Add(link);
            link.Start();
        }
        _links = [.. kept];
    }

    // One worker may be known by two addresses, and each is in its own list where all have the same.
    private bool TryName(FellowLink link, string name)
    {
        lock (_gate)
        {
            if (name == _name || _links.Any(other => other != link && other.Name == name)) return false;
            link.Name = name;
            return true;
        }
    }

    private int DialogsOver(string name) => _endpoint!.Dialogs.All.Count(dialog => DialogRoute.FlowOf(dialog)?.Edge == name);

    private void Note() => Interlocked.Exchange(ref _changed, NewSource()).SetResult();

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
