using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;

namespace ClickToDial.Sip.Transport;

/// <summary>
/// SIP over WebSocket, server side (RFC 7118). A web server does the upgrade with the subprotocol <see cref="Subprotocol"/> and
/// hands the socket over; a browser listens nowhere, so nothing is ever connected from here. Goes into
/// <c>SipEndpointOptions.OtherTransports</c>.
/// </summary>
public sealed class WebSocketTransport : ISipTransport
{
    /// <summary>What client and server agree on in the upgrade (section 4.1).</summary>
    public const string Subprotocol = "sip";

    private readonly ConcurrentDictionary<SipFlow, WebSocketConnection> _connections = new();
    private readonly TcpSettings _settings;
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _sweep;
    private readonly LogThrottle _refused;
    private ISipTransportSink? _sink;

    /// <param name="kind"><see cref="SipTransportKind.Wss"/> behind TLS, here or in front of the web server; else Ws.</param>
    /// <param name="local">Address of the web server, for Via and Contact.</param>
    /// <param name="settings">The bounds that TCP has.</param>
    public WebSocketTransport(SipTransportKind kind, IPEndPoint local, TcpSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (kind is not (SipTransportKind.Ws or SipTransportKind.Wss)) throw new ArgumentOutOfRangeException(nameof(kind));
        Kind = kind;
        Local = local;
        _settings = settings;
        _refused = new LogThrottle(settings.Time);
        var every = TimeSpan.FromSeconds(5);
        _sweep = settings.Time.CreateTimer(_ => Sweep(), null, every, every);
    }

    public SipTransportKind Kind { get; }

    public IPEndPoint Local { get; }

    public int ConnectionCount => _connections.Count;

    public void Start(ISipTransportSink sink) => _sink = sink;

    /// <summary>
    /// Serves a socket until it ends; the caller keeps the request open that long. A socket with another subprotocol, one too
    /// many, or one that comes before the start or after the end is closed at once.
    /// </summary>
    /// <param name="origin">The page's, as the upgrade named it.</param>
    public async Task ServeAsync(WebSocket socket, IPEndPoint remote, CancellationToken stop, string? origin = null)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ArgumentNullException.ThrowIfNull(remote);
        var flow = new SipFlow(Kind, remote) { Origin = origin };
        if (_stop.IsCancellationRequested)
        {
            socket.Abort();
            return;
        }
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop, _stop.Token);
        var connection = _sink is null || socket.SubProtocol != Subprotocol ? null : new WebSocketConnection(socket, flow, _settings, _sink, ending);
        if (connection is null || _connections.Count >= _settings.MaxConnections || IsCrowded(remote.Address) || !_connections.TryAdd(flow, connection))
        {
            if (connection is not null && _refused.TryPass(out var suppressed))
                SipLog.ConnectionRefused(_settings.Logger, Local, _connections.Count, suppressed);
            socket.Abort();
            return;
        }
        try
        {
            await connection.RunAsync();
        }
        finally
        {
            _connections.TryRemove(flow, out _);
            _sink!.OnFlowFailed(flow);
        }
    }

    public bool TrySend(SipFlow flow, ReadOnlySpan<byte> message)
    {
        ArgumentNullException.ThrowIfNull(flow);
        return _connections.TryGetValue(flow, out var connection) && connection.TrySend(message);
    }

    public bool IsOpen(SipFlow flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        return _connections.ContainsKey(flow);
    }

    /// <summary>The web server listens where it likes, so peers of both address families come by the same transport.</summary>
    public bool Serves(SipFlow flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        return flow.Edge is null && flow.Kind == Kind;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sweep.DisposeAsync();
        foreach (var connection in _connections.Values) await connection.Completion;
        _stop.Dispose();
    }

    // A proxy on this host speaks for many browsers, and only one who runs it can connect from here.
    private bool IsCrowded(IPAddress address)
    {
        if (IPAddress.IsLoopback(address)) return false;
        var source = SourceNetwork.Of(address);
        var open = 0;
        foreach (var (flow, _) in _connections)
            if (SourceNetwork.Of(flow.Remote.Address).Equals(source) && ++open >= _settings.MaxConnectionsPerSource) return true;
        return false;
    }

    private void Sweep()
    {
        foreach (var connection in _connections.Values)
            if (connection.IsOverdue) connection.Abort();
    }
}
