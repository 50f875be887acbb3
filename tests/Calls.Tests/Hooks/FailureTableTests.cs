using System.Text.Json.Nodes;
using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.Trunks;
using ClickToDial.Contracts.Directory;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.Calls.Tests.Hooks;

/// <summary>F2: every row of the failure table, with a back end that refuses, fails, is silent, answers nonsense or is gone.</summary>
public sealed class FailureTableTests
{
    public static TheoryData<string, string> Ways()
    {
        var data = new TheoryData<string, string>();
        foreach (var way in new[] { "403", "500", "302", "silent", "nonsense", "huge", "broken" })
            foreach (var onError in new[] { "LOG", "FAIL" })
                data.Add(way, onError);
        return data;
    }

    [Theory]
    [InlineData("403", 403, "hook-refused")]
    [InlineData("404", 403, "hook-refused")]
    [InlineData("500", 503, "hook-failed")]
    [InlineData("204", 503, "hook-failed")]
    [InlineData("302", 503, "hook-failed")]
    [InlineData("silent", 503, "hook-timeout")]
    [InlineData("trickle", 503, "hook-timeout")]
    [InlineData("nonsense", 503, "hook-unreadable")]
    [InlineData("huge", 503, "hook-unreadable")]
    [InlineData("broken", 503, "hook-unreachable")]
    public async Task Connect_that_fails_is_refused_whatever_the_rules_say(string way, int status, string slug)
    {
        await using var rig = await HookRig.StartAsync();
        // It was let in once, and the rules said that failures are only logged.
        await rig.LetInAsync("connect", new { restOnError = "LOG" });
        Fail(rig, "connect", way);
        var refused = Assert.IsType<ConnectAnswer.Refused>(await rig.ConnectAsync());
        Assert.Equal(new HookRefusal(status, slug), refused.Why);
    }

    [Fact]
    public async Task Connect_to_a_back_end_that_is_gone_is_refused()
    {
        await using var rig = await HookRig.StartAsync(change: hooks => hooks with { Url = "http://127.0.0.1:9/" });
        Assert.Equal("hook-unreachable", Assert.IsType<ConnectAnswer.Refused>(await rig.ConnectAsync()).Why.Slug);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Call_whose_hook_fails_goes_on_with_LOG_and_stops_with_FAIL(string way, string onError)
    {
        await using var rig = await HookRig.StartAsync();
        var identity = await rig.LetInAsync("call", new { restOnError = onError, restPolicy = "OVERWRITE", restOverwrite = "callee" });
        Fail(rig, "call", way);
        var answer = await rig.CallAsync(identity);
        if (onError == "LOG") Assert.Equal("sales", Assert.IsType<CallAnswer.Accepted>(answer).Callee);
        else Assert.Equal(way == "403" ? 403 : 503, Assert.IsType<CallAnswer.Refused>(answer).Why.Status);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Event_whose_hook_fails_changes_nothing_and_is_told_to_the_browser_with_FAIL(string way, string onError)
    {
        await using var rig = await HookRig.StartAsync();
        await rig.LetInAsync("CallStatusEvent", new { restOnError = onError });
        Fail(rig, "CallStatusEvent", way);
        rig.Browsers.Notify(News(BrowserEventKind.CallTrying));
        Assert.Equal("CallStatusEvent", (await rig.Own.NextAsync()).Method);
        rig.Browsers.Notify(News(BrowserEventKind.CallFinished));
        Assert.Equal("FINISH", (await rig.Own.NextAsync()).Text("status"));

        Assert.Equal("CallStatusEvent", (await rig.ToClient.NextAsync()).Method);
        var next = await rig.ToClient.NextAsync();
        Assert.Equal(onError == "FAIL" ? "ErrorEvent" : "CallStatusEvent", next.Method);
        if (onError == "FAIL") Assert.Equal("CallStatusEvent", next.Body["apiMethod"]!.GetValue<string>());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Call_from_outside_whose_hook_fails_goes_on_with_LOG_and_is_answered_403_with_FAIL(string way, string onError)
    {
        await using var rig = await HookRig.StartAsync();
        await rig.LetInAsync("OnCallEvent", new { restOnError = onError });
        Fail(rig, "OnCallEvent", way);
        var answer = await RouteAsync(rig);
        if (onError == "LOG") Assert.Equal("101", Assert.IsType<IncomingAnswer.ToUser>(answer).User.Name);
        else
        {
            Assert.Equal(403, Assert.IsType<IncomingAnswer.Refused>(answer).Status);
            var told = await rig.ToClient.NextAsync();
            Assert.Equal(("s1", "ErrorEvent", "OnCallEvent"), (told.SessionId, told.Method, told.Body["apiMethod"]!.GetValue<string>()));
        }
    }

    [Theory]
    [InlineData("403", true)]
    [InlineData("500", true)]
    [InlineData("silent", false)]
    [InlineData("broken", false)]
    public async Task Call_from_outside_before_any_rules_is_refused_only_by_a_refusal(string way, bool refused)
    {
        await using var rig = await HookRig.StartAsync();
        Fail(rig, "OnCallEvent", way);
        Assert.Equal(refused, await RouteAsync(rig) is IncomingAnswer.Refused { Status: 403 });
    }

    [Fact]
    public async Task Back_end_may_name_another_user_for_a_call_from_outside()
    {
        await using var rig = await HookRig.StartAsync();
        rig.Own.Change("OnCallEvent", body => body["callee"] = "102");
        Assert.Equal("102", Assert.IsType<IncomingAnswer.ToUser>(await RouteAsync(rig)).User.Name);
        var asked = await rig.Own.NextAsync();
        Assert.Equal(("+4930111", "+4930222", "101"), (asked.Text("caller"), asked.Text("callee"), asked.Text("user")));
        rig.Own.Change("OnCallEvent", body => body["callee"] = "nobody");
        Assert.Equal("101", Assert.IsType<IncomingAnswer.ToUser>(await RouteAsync(rig)).User.Name);
    }

    [Fact]
    public async Task Back_end_that_does_not_want_calls_from_outside_is_not_asked()
    {
        await using var rig = await HookRig.StartAsync(change: hooks => hooks with { Incoming = false });
        Assert.IsType<IncomingAnswer.ToUser>(await RouteAsync(rig));
        Assert.True(rig.Own.WasNotAsked);
    }

    private static BrowserEvent News(BrowserEventKind kind) => new(kind, "s1", TimeProvider.System.GetUtcNow(), "demo.local", "101", "c1", "sales");

    private static async Task<IncomingAnswer> RouteAsync(HookRig rig)
    {
        var trunk = new Trunk(new TrunkEntry("carrier", ["+"], "sip:127.0.0.1:5070"));
        return await rig.Parts.Incoming(new ToUser(rig)).RouteAsync(new IncomingQuestion(trunk, "+4930222", "+4930111", 0), TestContext.Current.CancellationToken);
    }

    private static void Fail(HookRig rig, string method, string way)
    {
        if (int.TryParse(way, out var status)) rig.Own.Refuse(method, status);
        else rig.Own.On[method] = (_, http) => FailAsync(rig, way, http);
    }

    private static async Task FailAsync(HookRig rig, string way, HttpContext http)
    {
        if (way == "nonsense") await http.Response.Body.WriteAsync("[1, 2"u8.ToArray());
        else if (way == "huge") await http.Response.Body.WriteAsync(new byte[HookClient.MaxBytes + 1]);
        else if (way == "broken") http.Abort();
        else
        {
            if (way == "trickle")
            {
                await http.Response.Body.WriteAsync("{"u8.ToArray());
                await http.Response.Body.FlushAsync();
            }
            rig.Time.Advance(TimeSpan.FromSeconds(2));
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private sealed class ToUser(HookRig rig) : IIncomingRouting
    {
        public ValueTask<IncomingAnswer> RouteAsync(IncomingQuestion question, CancellationToken stop) =>
            new(new IncomingAnswer.ToUser("demo.local", rig.Directory.Current!.FindUser("demo.local", "101")!));
    }
}
