using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClickToDial.TestKit.Azure.Tables;

/// <summary>Has another server answer, by requests that are as they came, signature and all.</summary>
internal sealed class Forwarder(Uri behind) : IDisposable
{
    private static readonly UriCreationOptions AsItCame = new() { DangerousDisablePathAndQueryCanonicalization = true };
    private static readonly string[] OfConnections = ["Host", "Connection", "Transfer-Encoding", "Keep-Alive", "Expect"];
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });

    public async Task AnswerAsync(HttpContext http)
    {
        using var request = Copy(http);
        using var answer = await _client.SendAsync(request, http.RequestAborted);
        http.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
            if (!IsOfConnection(name)) http.Response.Headers[name] = values.ToArray();
        await answer.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
    }

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage Copy(HttpContext http)
    {
        var target = behind.GetLeftPart(UriPartial.Authority) + http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), new Uri(target, AsItCame));
        if (http.Request.ContentLength > 0 || http.Request.Headers.TransferEncoding.Count > 0) request.Content = new StreamContent(http.Request.Body);
        foreach (var (name, values) in http.Request.Headers)
            if (!IsOfConnection(name) && !request.Headers.TryAddWithoutValidation(name, values.AsEnumerable())) request.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        return request;
    }

    private static bool IsOfConnection(string name) => OfConnections.Contains(name, StringComparer.OrdinalIgnoreCase);
}
