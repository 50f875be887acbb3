using System.Net;
using ClickToDial.Sip.Parsing;
using ClickToDial.Sip.Transport;
using ClickToDial.Worker.Configuration;

namespace ClickToDial.Worker.WebSockets;

/// <summary>
/// SIP over WebSocket (RFC 7118) on the worker's web server: the upgrade at <see cref="Path"/>, and the two transports that take
/// the sockets. The endpoint starts and ends the transports.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The endpoint that gets the transports disposes of them.")]
public sealed class SipWebSockets
{
    public const string Path = "/ws";

    // Routers on the way forget a silent connection after half a minute or more; an unanswered ping ends it.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(20);

    private readonly WebSocketTransport _plain;
    private readonly WebSocketTransport _secure;
    private readonly OriginPolicy _origins;
    private readonly int _wssPort;

    public SipWebSockets(WorkerSettings settings, TimeProvider time, ILogger logger)
    {
        var streams = new TcpSettings(time, SipLimits.Default, logger);
        var address = AddressList.Parse(settings.Sip.BindAddress)![0];
        _wssPort = settings.Sip.WssPort;
        var control = new Uri(settings.Worker.ControlUrl);
        _plain = new WebSocketTransport(SipTransportKind.Ws, new IPEndPoint(address, control.Port), streams);
        _secure = new WebSocketTransport(SipTransportKind.Wss, new IPEndPoint(address, _wssPort > 0 ? _wssPort : control.Port), streams);
        _origins = OriginPolicy.Of(settings);
    }

    public IReadOnlyList<ISipTransport> Transports => [_plain, _secure];

    public void Use(WebApplication app)
    {
        // The port for browsers is open to the world: nothing of the control API shows there.
        app.Use((http, next) =>
        {
            if (_wssPort < 0 || http.Connection.LocalPort != _wssPort || IsForBrowsers(http.Request.Path)) return next(http);
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = KeepAlive, KeepAliveTimeout = KeepAlive });
        app.Map(Path, UpgradeAsync);
    }

    private static bool IsForBrowsers(PathString path) => path == Path || path == RemoteSockets.Path || path == LoginRelay.Path;

    private async Task UpgradeAsync(HttpContext http)
    {
        var request = http.Request;
        if (!http.WebSockets.IsWebSocketRequest) http.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
        else if (!_origins.Allows(request.Headers.Origin, $"{request.Scheme}://{request.Host}")) http.Response.StatusCode = StatusCodes.Status403Forbidden;
        // RFC 7118 section 4.1: a client that does not offer SIP gets no socket.
        else if (!http.WebSockets.WebSocketRequestedProtocols.Contains(WebSocketTransport.Subprotocol)) http.Response.StatusCode = StatusCodes.Status400BadRequest;
        else if (http.Connection.RemoteIpAddress is not { } address) http.Response.StatusCode = StatusCodes.Status400BadRequest;
        else
        {
            var remote = new IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, http.Connection.RemotePort);
            using var socket = await http.WebSockets.AcceptWebSocketAsync(WebSocketTransport.Subprotocol);
            using var end = WebServer.EndOf(http);
            await (request.IsHttps ? _secure : _plain).ServeAsync(socket, remote, end.Token, OriginOf(request));
        }
    }

    private static string? OriginOf(HttpRequest request) => request.Headers.Origin is [{ Length: > 0 } origin] ? origin : null;
}
