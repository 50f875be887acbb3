using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts;
using ClickToDial.Contracts.Control;
using ClickToDial.TestKit.Peers;

namespace ClickToDial.Calls.Tests.Control;

public sealed class ControlEndpointsTests : IAsyncLifetime
{
    private const string Good = """{"domain":"demo.local","user":"101","destination":"+4930123456","prompt":false,"ringTimeoutSeconds":30}""";

    private WorkerRig _rig = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        _rig = await WorkerRig.StartAsync();
        _http = new HttpClient { BaseAddress = _rig.ControlUrl };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _rig.ControlToken);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _rig.DisposeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"domain":"demo.local"}""")]
    [InlineData("""{"domain":"demo.local","user":"101","destination":null}""")]
    [InlineData("""{"domain":"demo.local","user":"101","destination":5}""")]
    [InlineData("""{"domain":"demo local","user":"101","destination":"echo"}""")]
    [InlineData("""{"domain":"","user":"101","destination":"echo"}""")]
    [InlineData("""{"domain":"demo.local","user":"1\r\nX: y","destination":"echo"}""")]
    [InlineData("""{"domain":"demo.local","user":"101","destination":"+0123"}""")]
    [InlineData("""{"domain":"demo.local","user":"101","destination":"+12345678901234567"}""")]
    [InlineData("""{"domain":"demo.local","user":"101","destination":"sip:evil@example.com"}""")]
    [InlineData("""{"domain":"demo.local","user":"101","destination":"echo","callerId":"a b"}""")]
    [InlineData("""{"domain":"demo.local","user":"101","destination":"echo","ringTimeoutSeconds":4}""")]
    [InlineData("""{"domain":"demo.local","user":"101","destination":"echo","ringTimeoutSeconds":181}""")]
    [InlineData("""{"domain":"demo.local","user":"101","destination":"echo","maxDurationSeconds":0}""")]
    [InlineData("""{"domain":"demo.local","user":"101","destination":"echo","traceParent":"00-\u0000"}""")]
    public async Task Command_that_is_not_one_is_refused_with_its_reason(string body)
    {
        var (status, problem) = await PutAsync("call-1", body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(WorkerProblemReasons.InvalidCommand, problem!.Reason);
        Assert.Equal(400, problem.Status);
        Assert.NotNull(problem.Detail);
    }

    [Fact]
    public async Task Unknown_members_are_ignored()
    {
        var (status, _) = await PutAsync("call-1", Good.Replace("}", ",\"newer\":{\"x\":1}}", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Accepted, status);
    }

    [Fact]
    public async Task Id_that_is_none_is_refused()
    {
        var (status, problem) = await PutAsync("a%20b", Good);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(WorkerProblemReasons.InvalidCommand, problem!.Reason);
    }

    [Fact]
    public async Task Body_above_64_kilobytes_is_refused()
    {
        var (status, problem) = await PutAsync("call-1", $$"""{"domain":"{{new string('a', 70_000)}}"}""");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.Equal(WorkerProblemReasons.InvalidCommand, problem!.Reason);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer ")]
    [InlineData("Bearer wrong")]
    [InlineData("Basic abc")]
    public async Task Nobody_gets_in_without_the_token(string? authorization)
    {
        _http.DefaultRequestHeaders.Authorization = null;
        foreach (var (method, path) in new[] { (HttpMethod.Put, "/control/calls/a"), (HttpMethod.Get, "/control/calls"), (HttpMethod.Delete, "/control/calls/a") })
        {
            using var request = new HttpRequestMessage(method, path);
            if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
            using var response = await _http.SendAsync(request);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        }
    }

    [Fact]
    public async Task Same_command_again_answers_with_the_call_and_another_is_a_conflict()
    {
        await using var phone = await _rig.PhoneAsync("101-a");
        await _rig.UseTrunkAsync();
        var id = WorkerClient.NewCallId();
        var command = WorkerRig.Command("+4930123456");
        using var first = await _rig.Api.PutAsync(id, command with { TraceParent = "00-aa-bb-01" });
        using var again = await _rig.Api.PutAsync(id, command with { TraceParent = "00-cc-dd-01" });
        using var other = await _rig.Api.PutAsync(id, command with { Prompt = true });
        Assert.Equal(
            [HttpStatusCode.Accepted, HttpStatusCode.OK, HttpStatusCode.Conflict], [first.StatusCode, again.StatusCode, other.StatusCode]);

        await _rig.Api.HangUpAsync(id);
        await _rig.Functions.EndAsync(id);
        using var late = await _rig.Api.PutAsync(id, command);
        Assert.Equal(HttpStatusCode.OK, late.StatusCode);
        Assert.Equal(1, phone.CallCount);
    }

    [Fact]
    public async Task Same_command_many_times_at_once_rings_once()
    {
        await using var phone = await _rig.PhoneAsync("101-a");
        await _rig.UseTrunkAsync();
        var id = WorkerClient.NewCallId();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _rig.Api.PutAsync(id, WorkerRig.Command("+4930123456"))));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Accepted);
        Assert.Equal(19, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        await phone.RingsAsync();
        await _rig.Api.HangUpAsync(id);
        await _rig.Functions.EndAsync(id);
        Assert.Equal(1, phone.CallCount);
    }

    [Fact]
    public async Task Calls_are_listed_and_unknown_ones_are_not_found()
    {
        await using var phone = await _rig.PhoneAsync("101-a");
        await _rig.UseTrunkAsync();
        var id = await _rig.Api.OriginateAsync(WorkerRig.Command("+4930123456"));
        var list = JsonSerializer.Deserialize(await _http.GetStringAsync("/control/calls"), ContractsJson.Default.IReadOnlyListCallSnapshot);
        Assert.Equal(id, Assert.Single(list!).CallId);
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync("/control/calls/nobody")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _http.DeleteAsync("/control/calls/nobody")).StatusCode);
    }

    private async Task<(HttpStatusCode Status, WorkerProblem? Problem)> PutAsync(string id, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _http.PutAsync("/control/calls/" + id, content);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, response.IsSuccessStatusCode ? null : JsonSerializer.Deserialize(text, ContractsJson.Default.WorkerProblem));
    }
}
