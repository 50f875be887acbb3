using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ClickToDial.Sip.Parsing;
using ClickToDial.Sip.Transport.Tls;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Sip.Transport;

/// <summary>
/// SIP over TCP: accepts connections, opens them when needed, and reuses whatever is open to a peer in both directions
/// (RFC 3261 section 18.1.1). Connections are bounded in number, in idle time and in the time a message may take to arrive.
/// </summary>
public sealed class TcpTransport : ISipTransport, IConnectionOwner
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(5);

    private readonly Socket _listener;
    private readonly ConcurrentDictionary<SipFlow, TcpConnection> _connections = new();
    private readonly ConcurrentDictionary<IPEndPoint, TcpConnection> _aliases = new();
    private readonly IStreamSecurity? _security;
    private readonly TcpSettings _settings;
    private readonly CancellationTokenSource _stop = new();
    private readonly LogThrottle _refused;
    private ISipTransportSink? _sink;
    private ITimer? _sweep;
    private Task _accepting = Task.CompletedTask;

    /// <summary>Binds and listens at once; throws <see cref="SocketException"/> when the address is taken.</summary>
    public TcpTransport(IPEndPoint local, TcpSettings settings) : this(local, settings, SipTransportKind.Tcp, null)
    {
    }

    internal TcpTransport(IPEndPoint local, TcpSettings settings, SipTransportKind kind, IStreamSecurity? security)
    {
        ArgumentNullException.ThrowIfNull(local);
        Kind = kind;
        _security = security;
        _settings = settings;
        _refused = new LogThrottle(settings.Time);
        _listener = new Socket(local.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Bind(local);
        _listener.Listen(512);
        Local = (IPEndPoint)_listener.LocalEndPoint!;
    }

    public SipTransportKind Kind { get; }

    public IPEndPoint Local { get; }

    /// <summary>Connections open or being opened.</summary>
    public int ConnectionCount => _connections.Count;

    public void Start(ISipTransportSink sink)
    {
        _sink = sink;
        _sweep = _settings.Time.CreateTimer(_ => Sweep(), null, SweepEvery, SweepEvery);
        _accepting = Task.Run(() => new AcceptLoop(_listener.AcceptAsync, Adopt, Local, _settings).RunAsync(_stop.Token));
    }

    public bool TrySend(SipFlow flow, ReadOnlySpan<byte> message)
    {
        ArgumentNullException.ThrowIfNull(flow);
        if (_sink is null || _stop.IsCancellationRequested) return false;
        if (Find(flow) is not { } connection)
        {
            if (_connections.Count >= _settings.MaxConnections || _security?.CanConnect(flow) == false) return false;
            connection = Open(flow);
        }
        return connection.TrySend(message);
    }

    public bool IsOpen(SipFlow flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        return Find(flow) is not null;
    }

    /// <summary>Always false without TLS.</summary>
    public bool Proves(SipFlow flow, string host)
    {
        ArgumentNullException.ThrowIfNull(flow);
        return _connections.TryGetValue(flow, out var connection) && connection.HasProved(host);
    }

    ISipTransportSink IConnectionOwner.Sink => _sink!;

    void IConnectionOwner.Forget(TcpConnection connection)
    {
        _connections.TryRemove(new KeyValuePair<SipFlow, TcpConnection>(connection.Flow, connection));
        foreach (var alias in _aliases)
            if (ReferenceEquals(alias.Value, connection)) _aliases.TryRemove(alias);
    }

    // The newest connection wins: an older one may be dead without a sign (RFC 5923 section 8.2).
    void IConnectionOwner.Alias(TcpConnection connection, IPEndPoint address) => _aliases[address] = connection;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_sweep is not null) await _sweep.DisposeAsync();
        _listener.Dispose();
        await _accepting;
        foreach (var connection in _connections.Values) connection.Close();
        foreach (var connection in _connections.Values) await connection.Completion;
        _stop.Dispose();
    }

    private TcpConnection? Find(SipFlow flow)
    {
        if (_connections.TryGetValue(flow, out var connection)) return connection;
        return flow.HostName is { } name && _aliases.TryGetValue(flow.Remote, out connection) && connection.SpeaksFor(name) ? connection : null;
    }

    private TcpConnection Open(SipFlow flow)
    {
        var socket = new Socket(flow.Remote.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var fresh = new TcpConnection(socket, flow, _settings, _security, this);
        var connection = _connections.GetOrAdd(flow, fresh);
        if (ReferenceEquals(connection, fresh)) fresh.Start(connect: true);
        else socket.Dispose();
        return connection;
    }

    private void Adopt(Socket socket)
    {
        if (_connections.Count >= _settings.MaxConnections || socket.RemoteEndPoint is not IPEndPoint remote || IsCrowded(remote.Address))
        {
            if (_refused.TryPass(out var suppressed)) SipLog.ConnectionRefused(_settings.Logger, Local, _connections.Count, suppressed);
            socket.Dispose();
            return;
        }
        socket.NoDelay = true;
        var connection = new TcpConnection(socket, new SipFlow(Kind, remote), _settings, _security, this);
        if (_connections.TryAdd(connection.Flow, connection)) connection.Start(connect: false);
        else socket.Dispose();
    }

    private bool IsCrowded(IPAddress address)
    {
        var source = SourceNetwork.Of(address);
        var open = 0;
        foreach (var (_, connection) in _connections)
            if (SourceNetwork.Of(connection.Flow.Remote.Address).Equals(source) && ++open >= _settings.MaxConnectionsPerSource) return true;
        return false;
    }

    private void Sweep()
    {
        foreach (var connection in _connections.Values)
            if (connection.IsOverdue) connection.Close();
    }
}

/// <summary>Bounds and services shared by the connections of a TCP transport.</summary>
public sealed record TcpSettings(TimeProvider Time, SipLimits Limits, ILogger Logger)
{
    public ISipTrace? Trace { get; init; }

    /// <summary>Open connections, both directions. Default 4096.</summary>
    public int MaxConnections { get; init; } = 4096;

    /// <summary>Connections with one <see cref="SourceNetwork"/> beyond which no more are accepted from it. Default 512.</summary>
    public int MaxConnectionsPerSource { get; init; } = 512;

    /// <summary>Messages waiting to be written to one connection. Default 256.</summary>
    public int MaxQueuedMessages { get; init; } = 256;

    /// <summary>A connection may be silent that long between messages. Default 30 minutes.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>A message must be complete, and a connection must bring its first one, within this time. Default 30 seconds.</summary>
    public TimeSpan MessageTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time to connect. Default 5 seconds.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
