using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ClickToDial.Contracts;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Events;
using ClickToDial.TestKit.Phones;
using ClickToDial.Worker.Tests.Support;

namespace ClickToDial.Worker.Tests.Control;

/// <summary>Every command of the control API, over HTTP, to a worker that runs as a process.</summary>
public sealed class CommandTests(WorkerProcess worker) : IClassFixture<WorkerProcess>
{
    private const string Repeatable = "\"commandId\":\"c-1\"";

    /// <summary>Verb, a body that is carried out, and one that is not a command.</summary>
    public static TheoryData<string, string, string> Commands => new()
    {
        { "hold", """{"leg":"user","commandId":"c-1"}""", """{"leg":"a b"}""" },
        { "resume", """{"commandId":"c-1"}""", """{"leg":5}""" },
        { "mute", """{"leg":"user","commandId":"c-1"}""", """{"commandId":"a b"}""" },
        { "unmute", """{"leg":"user","commandId":"c-1"}""", "[]" },
        { "dtmf", """{"digits":"12#","leg":"user","commandId":"c-1"}""", """{"digits":"12x"}""" },
        { "announcement/stop", """{"commandId":"c-1"}""", """{"leg":""}""" },
        { "announcement/start", """{"name":"press-1","leg":"user","commandId":"c-1"}""", """{"leg":"user"}""" },
        { "recording/start", """{"commandId":"c-1"}""", """{"commandId":""}""" },
        { "recording/stop", """{"commandId":"c-1"}""", "{" },
        { "transfer", """{"to":"busy","leg":"destination","commandId":"c-1"}""", """{"to":"busy","withCall":"x"}""" },
        { "answer", """{"commandId":"c-1"}""", "null" },
    };

    [Theory(DisplayName = "D4: a command is done, done once, and refused without a token, a sense or a call")]
    [MemberData(nameof(Commands))]
    public async Task Command(string verb, string good, string bad)
    {
        Assert.Contains(Repeatable, good, StringComparison.Ordinal);
        await using var phone = await Phone.RegisteredAsync(
            new PhoneSettings(new IPEndPoint(IPAddress.Loopback, worker.Settings.SipPort), WorkerProcess.Domain, "101", WorkerProcess.Password, 440));
        var id = await worker.OriginateAsync("echo");
        var rung = await phone.RingsAsync();
        Assert.Equal((HttpStatusCode.Conflict, verb == "answer" ? WorkerProblemReasons.CannotBeAnswered : WorkerProblemReasons.CallNotReady), await RefusedAsync(id, verb, good));
        await rung.AnswerAsync();
        await worker.Functions.EventAsync(id, CallEventType.CallConnected);

        Assert.Equal((HttpStatusCode.BadRequest, WorkerProblemReasons.InvalidCommand), await RefusedAsync(id, verb, bad));
        Assert.Equal((HttpStatusCode.Unauthorized, WorkerProblemReasons.Unauthorized), await RefusedAsync(id, verb, good, token: "wrong"));
        Assert.Equal((HttpStatusCode.NotFound, WorkerProblemReasons.NotFound), await RefusedAsync(CallId.Parse("nobody"), verb, good));
        Assert.Equal(id, (await DoneAsync(id, verb, good)).CallId);
        Assert.Equal(id, (await DoneAsync(id, verb, good)).CallId);
        var other = verb == "mute" ? "hold" : "mute";
        Assert.Equal((HttpStatusCode.Conflict, WorkerProblemReasons.CommandConflict), await RefusedAsync(id, other, """{"leg":"user","commandId":"c-1"}"""));

        await worker.Api.HangUpAsync(id);
        await worker.Functions.EndAsync(id);
        Assert.Equal(CallState.Ended, (await DoneAsync(id, verb, good)).State);
        Assert.Equal((HttpStatusCode.Conflict, WorkerProblemReasons.CallEnded), await RefusedAsync(id, verb, good.Replace("c-1", "c-2", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Watcher_and_list_see_a_call_of_the_process()
    {
        await using var phone = await Phone.RegisteredAsync(
            new PhoneSettings(new IPEndPoint(IPAddress.Loopback, worker.Settings.SipPort), WorkerProcess.Domain, "101", WorkerProcess.Password, 440));
        await using var watch = worker.Api.WatchAsync($"?domain={WorkerProcess.Domain}").GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal(WatchKind.Calls, watch.Current.Kind);
        var id = await worker.OriginateAsync("echo");
        Assert.Contains(await worker.Api.ListAsync("?user=101"), call => call.CallId == id);
        await worker.Api.HangUpAsync(id);
        while (watch.Current.Call is not { State: CallState.Ended } ended || ended.CallId != id)
            Assert.True(await watch.MoveNextAsync().AsTask().WaitAsync(TestKit.Events.Patience.Step));
    }

    private async Task<CallSnapshot> DoneAsync(CallId id, string verb, string body)
    {
        var (status, text) = await PostAsync(id, verb, body, worker.Settings.ControlToken);
        Assert.True(status == HttpStatusCode.OK, $"{status}: {text}");
        return JsonSerializer.Deserialize(text, ContractsJson.Default.CallSnapshot)!;
    }

    private async Task<(HttpStatusCode, string)> RefusedAsync(CallId id, string verb, string body, string? token = null)
    {
        var (status, text) = await PostAsync(id, verb, body, token ?? worker.Settings.ControlToken);
        return (status, JsonSerializer.Deserialize(text, ContractsJson.Default.WorkerProblem)!.Reason);
    }

    private async Task<(HttpStatusCode Status, string Text)> PostAsync(CallId id, string verb, string body, string token)
    {
        using var http = new HttpClient { BaseAddress = worker.Settings.ControlUrl };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri($"control/calls/{id}/{verb}", UriKind.Relative), content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
