using System.Text.Json.Nodes;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.EndToEnd.Suite;
using ClickToDial.TestKit.Phones;
using ClickToDial.TestKit.Suite;

namespace ClickToDial.EndToEnd.Calls;

/// <summary>A click becomes a bridged call between two phones (D1, D2, D4, P4, V4).</summary>
public sealed class MainJobTests(SuiteFixture fixture) : IAsyncLifetime
{
    private const double CallerHertz = 440;
    private const double CalleeHertz = 660;

    private Phone _caller = null!;
    private Phone _callee = null!;

    private ClickToDialSuite Suite => fixture.Product;

    public async ValueTask InitializeAsync()
    {
        SuiteFixture.SkipIfMissing();
        _caller = await fixture.PhoneAsync(CallerHertz);
        _callee = await fixture.PhoneAsync(CalleeHertz);
    }

    public async ValueTask DisposeAsync()
    {
        if (_caller is not null) await _caller.DisposeAsync();
        if (_callee is not null) await _callee.DisposeAsync();
    }

    [Fact]
    public async Task ClickWithASessionToken_JoinsBothPhonesAndIsLogged()
    {
        var token = await Suite.Api.TokenAsync(_caller.User);
        var placed = await Suite.Api.PlaceCallAsync(
            new JsonObject { ["user"] = _caller.User, ["destination"] = _callee.User }, token);
        Assert.Equal(202, placed.Status);
        var call = placed.CallId;
        Assert.EndsWith($"/api/calls/{call}", placed.Location!.ToString(), StringComparison.Ordinal);

        var calling = await _caller.RingsAsync();
        Assert.Equal(_callee.User, calling.CallerNumber);
        await calling.AnswerAsync();
        var called = await _callee.RingsAsync();
        Assert.Equal(_caller.User, called.CallerNumber);
        await called.AnswerAsync();
        await calling.HearsAsync(CalleeHertz);
        await called.HearsAsync(CallerHertz);

        await called.HangUpAsync();
        Assert.Equal(CallEnd.HungUpByPeer, await calling.EndsAsync());
        AssertLogged((await Suite.EndedCallAsync(call)).Body!);
        await Suite.Tap.AcceptedAsync(call, CallEventType.CallEnded);
        AssertWholeStory(Suite.Tap.Accepted(call));
    }

    [Fact]
    public async Task Prompt_DestinationRingsOnlyAfterTheOne()
    {
        var call = await Suite.Api.ClickAsync(_caller.User, _callee.User, prompt: true);
        var calling = await _caller.RingsAsync();
        await calling.AnswerAsync();
        await Suite.Tap.AcceptedAsync(call, CallEventType.CallPrompting);
        Assert.Equal(0, _callee.CallCount);

        calling.Press('1');
        var called = await _callee.RingsAsync();
        await called.AnswerAsync();
        await called.HearsAsync(CallerHertz);

        await calling.HangUpAsync();
        await called.EndsAsync();
        Assert.Equal(CallReasons.UserHungUp, ReasonOf(await Suite.EndedCallAsync(call)));
    }

    [Fact]
    public async Task PromptAnsweredByInfo_DialsToo()
    {
        var call = await Suite.Api.ClickAsync(_caller.User, _callee.User, prompt: true);
        var calling = await _caller.RingsAsync();
        await calling.AnswerAsync();
        await Suite.Tap.AcceptedAsync(call, CallEventType.CallPrompting);

        Assert.Equal(200, await calling.PressByInfoAsync('1'));

        await _callee.RingsAsync();
        await Suite.Api.HangUpAsync(call);
        await Suite.EndedCallAsync(call);
    }

    [Fact]
    public async Task KeysPressedDuringTheCall_ReachTheOtherSide()
    {
        var (call, calling, called) = await JoinAsync();

        foreach (var key in "42#") calling.Press(key);
        await called.Digits.WaitAsync(d => d == '#', "the last key");

        Assert.Equal("42#", string.Concat(called.Digits.Snapshot()));
        await Suite.Api.HangUpAsync(call);
        await Suite.EndedCallAsync(call);
    }

    [Fact]
    public async Task HoldAndResume_SoundComesBack()
    {
        var (call, calling, called) = await JoinAsync();

        await calling.HoldAsync();
        await calling.ResumeAsync();
        await calling.HearsAsync(CalleeHertz, from: calling.Heard.Count);
        await called.HearsAsync(CallerHertz, from: called.Heard.Count);

        await Suite.Api.HangUpAsync(call);
        await Suite.EndedCallAsync(call);
    }

    [Fact]
    public async Task HangUpByTheApi_EndsBothAndMayBeRepeated()
    {
        var (call, calling, called) = await JoinAsync();

        var first = await Suite.Api.HangUpAsync(call);
        Assert.Equal(CallEnd.HungUpByPeer, await calling.EndsAsync());
        Assert.Equal(CallEnd.HungUpByPeer, await called.EndsAsync());
        var ended = await Suite.EndedCallAsync(call);
        var again = await Suite.Api.HangUpAsync(call);

        Assert.InRange(first.Status, 200, 299);
        Assert.Equal(CallReasons.HungUpByApi, ReasonOf(ended));
        Assert.InRange(again.Status, 200, 299);
        await Suite.Tap.AcceptedAsync(call, CallEventType.CallEnded);
        Assert.Single(Suite.Tap.Accepted(call), e => e.Type == CallEventType.CallEnded);
    }

    [Fact]
    public async Task SameIdempotencyKey_DialsOnceAndAnswersTheSame()
    {
        var key = Guid.NewGuid().ToString("N");
        var body = new JsonObject { ["user"] = _caller.User, ["destination"] = _callee.User };
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Suite.Api.PlaceCallAsync(body, idempotencyKey: key)));
        var calling = await _caller.RingsAsync();
        var after = await Suite.Api.PlaceCallAsync(body, idempotencyKey: key);
        var other = await Suite.Api.PlaceCallAsync(
            new JsonObject { ["user"] = _caller.User, ["destination"] = "echo" }, idempotencyKey: key);

        Assert.Contains(answers, a => a.Status == 202);
        Assert.All(answers, a => Assert.True(a.Status == 202 || a.Reason == "call-being-placed", $"{a}"));
        Assert.Single(answers.Append(after).Where(a => a.Status == 202).Select(a => a.CallId).Distinct());
        Assert.Equal((422, "idempotency-key-reused"), (other.Status, other.Reason));
        Assert.Equal(1, _caller.CallCount);
        calling.Reject(486);
        await Suite.EndedCallAsync(after.CallId);
        Assert.Equal(1, _caller.CallCount);
    }

    private async Task<(CallId Call, PhoneCall Calling, PhoneCall Called)> JoinAsync()
    {
        var call = await Suite.Api.ClickAsync(_caller.User, _callee.User);
        var calling = await _caller.RingsAsync();
        await calling.AnswerAsync();
        var called = await _callee.RingsAsync();
        await called.AnswerAsync();
        await calling.HearsAsync(CalleeHertz);
        await called.HearsAsync(CallerHertz);
        return (call, calling, called);
    }

    private static string ReasonOf(ApiAnswer call) => call.Text("reason");

    private void AssertLogged(JsonNode row)
    {
        Assert.Equal("answered", row["result"]!.GetValue<string>());
        Assert.Equal(CallReasons.DestinationHungUp, row["reason"]!.GetValue<string>());
        Assert.Equal(_caller.User, row["user"]!.GetValue<string>());
        Assert.Equal(_callee.User, row["destination"]!.GetValue<string>());
        var legs = row["legs"]!.AsArray();
        Assert.Equal(2, legs.Count);
        foreach (var leg in legs)
        {
            Assert.True(leg!["media"]!["packetsReceived"]!.GetValue<long>() > 10);
            Assert.Equal(0, leg["media"]!["packetsLost"]!.GetValue<long>());
        }
    }

    private static void AssertWholeStory(IReadOnlyList<CallEvent> events)
    {
        Assert.Equal(Enumerable.Range(1, events.Count), events.Select(e => e.Sequence));
        Assert.Equal(CallEventType.CallStarted, events[0].Type);
        Assert.Equal(CallEventType.CallEnded, events[^1].Type);
        Assert.Single(events, e => e.Type == CallEventType.CallConnected);
        Assert.Single(events, e => e.Type == CallEventType.CallEnded);
    }
}
