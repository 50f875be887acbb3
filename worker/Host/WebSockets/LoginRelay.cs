using System.Net;
using System.Net.Http.Headers;
using ClickToDial.Calls.Secrets;

namespace ClickToDial.Worker.WebSockets;

/// <summary>
/// Third-party login where pages of other products look for it: at the host of their WebSocket (V5). What is posted goes on to the
/// functions as it is, and their answer back, with the cookie that then opens the socket. The worker proves itself, so that the functions
/// take its word for whose request it is: wrong passwords of one page are not everybody's.
/// </summary>
internal sealed class LoginRelay(Uri functions, LiveSecret workerToken, TimeProvider time) : IDisposable
{
    public const string Path = "/rest/system/session";

    private const int MaxBody = 4 * 1024;
    private const int MaxAnswer = 64 * 1024;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly string[] Asked = ["Origin", "Authorization", "Access-Control-Request-Method", "Access-Control-Request-Headers"];

    private static readonly string[] Answered =
    [
        "Set-Cookie", "Vary", "Retry-After", "WWW-Authenticate", "Cache-Control", "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials",
        "Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Access-Control-Expose-Headers", "Access-Control-Max-Age",
    ];

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = MaxAnswer,
    };

    private readonly Uri _address = new(functions.AbsoluteUri.TrimEnd('/') + Path);

    public void Map(WebApplication app) => app.MapMethods(Path, ["POST", "OPTIONS"], RelayAsync);

    public void Dispose() => _http.Dispose();

    private async Task RelayAsync(HttpContext http)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, limit.Token);
        try
        {
            if (await ReadAsync(http.Request, either.Token) is not { } body)
            {
                http.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
                return;
            }
            using var request = Request(http, body);
            using var answer = await _http.SendAsync(request, either.Token);
            await AnswerAsync(http.Response, answer, either.Token);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !http.Response.HasStarted)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
    }

    private HttpRequestMessage Request(HttpContext http, byte[] body)
    {
        var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), _address) { Content = new ByteArrayContent(body) };
        if (MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type)) request.Content.Headers.ContentType = type;
        foreach (var name in Asked)
            if (http.Request.Headers.TryGetValue(name, out var values)) request.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        request.Headers.TryAddWithoutValidation("X-Worker-Token", workerToken.Current);
        if (http.Connection.RemoteIpAddress is { } address)
            request.Headers.TryAddWithoutValidation("X-Client-Address", (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString());
        return request;
    }

    /// <summary>Null when it is too large.</summary>
    private static async Task<byte[]?> ReadAsync(HttpRequest request, CancellationToken stop)
    {
        var buffer = new byte[MaxBody + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, stop);
        return length > MaxBody ? null : buffer[..length];
    }

    private static async Task AnswerAsync(HttpResponse response, HttpResponseMessage answer, CancellationToken stop)
    {
        response.StatusCode = answer.StatusCode < HttpStatusCode.InternalServerError ? (int)answer.StatusCode : StatusCodes.Status503ServiceUnavailable;
        foreach (var name in Answered)
            if (answer.Headers.TryGetValues(name, out var values)) response.Headers[name] = values.ToArray();
        if (answer.Content.Headers.ContentType is { } type) response.ContentType = type.ToString();
        var body = await answer.Content.ReadAsByteArrayAsync(stop);
        if (body.Length > 0) await response.Body.WriteAsync(body, stop);
    }
}
