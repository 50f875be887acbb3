using System.Net;
using System.Text;
using ClickToDial.Worker.Tests.Support;

namespace ClickToDial.Worker.Tests.WebSockets;

/// <summary>V5: pages of other products log in at the host of their WebSocket.</summary>
public sealed class LoginRelayTests(WorkerProcess worker) : IClassFixture<WorkerProcess>, IDisposable
{
    private const string Body = """{"name":"session","value":"v"}""";

    private readonly HttpClient _http = new(new HttpClientHandler { UseCookies = false }) { BaseAddress = worker.Settings.ControlUrl };

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Login_goes_to_the_functions_and_their_cookie_comes_back()
    {
        using var answer = await PostAsync(Body);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("true", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("session=abc; path=/; secure; samesite=strict; httponly", Assert.Single(answer.Headers.GetValues("Set-Cookie")));
        Assert.Equal(WorkerProcess.Origin, Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.False(answer.Headers.Contains("X-Inside"));
        Assert.Contains($"POST {Body} {WorkerProcess.Origin} 127.0.0.1", worker.Functions.Logins.Snapshot());
    }

    [Fact]
    public async Task What_is_too_large_does_not_go_on()
    {
        using var answer = await PostAsync(new string('x', 4097));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.DoesNotContain(worker.Functions.Logins.Snapshot(), login => login.Contains("xxxx", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Faults_of_the_functions_are_told_as_503()
    {
        worker.Functions.RefuseWith(500);
        try
        {
            using var answer = await PostAsync(Body);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        }
        finally
        {
            worker.Functions.RefuseWith(null);
        }
    }

    private Task<HttpResponseMessage> PostAsync(string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/rest/system/session") { Content = new StringContent(body, Encoding.UTF8, "text/plain") };
        request.Headers.Add("Origin", WorkerProcess.Origin);
        return _http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
