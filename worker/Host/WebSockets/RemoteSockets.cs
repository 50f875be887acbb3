using System.Net;
using ClickToDial.Calls.RemoteControl;

namespace ClickToDial.Worker.WebSockets;

/// <summary>
/// The upgrade for remote control at <see cref="Path"/>. The session comes as the cookie, as a query value for browsers that drop
/// the cookie of another site, or as a bearer token of what is no browser.
/// </summary>
internal sealed class RemoteSockets(RemoteControlServer control, OriginPolicy origins)
{
    public const string Path = "/websocket";

    private const string SessionName = "session";
    private const string Bearer = "Bearer ";

    public void Map(WebApplication app) => app.Map(Path, UpgradeAsync);

    private async Task UpgradeAsync(HttpContext http)
    {
        var request = http.Request;
        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return;
        }
        // A cookie is sent whatever page asks: without this, any page could take over its visitor's phone (RFC 6455 section 10.2).
        if (!origins.Allows(request.Headers.Origin, $"{request.Scheme}://{request.Host}"))
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }
        if (http.Connection.RemoteIpAddress is not { } address)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        var source = new IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, http.Connection.RemotePort);
        var knock = new RemoteKnock(
            request.Query["domain"], request.Query["user"], SessionOf(request), NullIfEmpty(request.Headers.Origin), source, NullIfEmpty(request.Headers.UserAgent));
        var (visitor, status, reason) = await control.AdmitAsync(knock, http.RequestAborted);
        using var end = WebServer.EndOf(http);
        if (visitor is null) await RefuseAsync(http, status, reason);
        else if (!await control.TryServeAsync(visitor, () => http.WebSockets.AcceptWebSocketAsync(), end.Token))
            await RefuseAsync(http, StatusCodes.Status503ServiceUnavailable, "too-many-sockets");
    }

    private static Task RefuseAsync(HttpContext http, int status, string reason)
    {
        http.Response.StatusCode = status;
        http.Response.Headers.CacheControl = "no-store";
        if (status == StatusCodes.Status401Unauthorized) http.Response.Headers.WWWAuthenticate = "Bearer";
        http.Response.ContentType = "text/plain";
        return http.Response.WriteAsync(reason, http.RequestAborted);
    }

    private static string? SessionOf(HttpRequest request)
    {
        if (NullIfEmpty(request.Query[SessionName]) is { } query) return query;
        if (request.Cookies[SessionName] is { Length: > 0 } cookie) return cookie;
        return request.Headers.Authorization.ToString() is { } header && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : null;
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
