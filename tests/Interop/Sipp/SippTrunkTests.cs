using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Interop.Worker;
using ClickToDial.TestKit.Phones;
using ClickToDial.TestKit.Processes;

namespace ClickToDial.Interop.Sipp;

/// <summary>sipp as a trunk without registration: calls from it, and servers that fail.</summary>
[Collection(WorkerFixture.Collection)]
public sealed class SippTrunkTests(WorkerFixture fixture) : IAsyncLifetime
{
    private Phone _phone = null!;

    public async ValueTask InitializeAsync() => _phone = await fixture.PhoneAsync(hertz: 440);

    public ValueTask DisposeAsync() => _phone.DisposeAsync();

    [Theory]
    [InlineData("inbound-call", CallReasons.CallerHungUp)]
    [InlineData("inbound-call-hung-up", CallReasons.UserHungUp)]
    public async Task CallFromTheTrunk_ReachesTheUserOfTheNumber(string scenario, string reason)
    {
        Assert.SkipUnless(Tool.Sipp.IsInstalled, Tool.Sipp.Missing);
        var number = WorkerFixture.NationalNumberOf(_phone.User);
        await using var caller = SippRun.Begin(
            scenario, $"127.0.0.1:{fixture.SipPort}", fixture.Carrier with { Number = number, EchoesMedia = true });
        var ringing = await _phone.RingsAsync();
        Assert.Equal(("+12025550100", "Bo Caller"), (ringing.CallerNumber, ringing.CallerName));
        await ringing.AnswerAsync();
        if (reason == CallReasons.UserHungUp)
        {
            await ringing.HearsAsync(_phone.Hertz); // Its own tone, sent back by sipp.
            await ringing.HangUpAsync();
        }

        var call = await fixture.Functions.Events.WaitAsync(
            e => e.Type == CallEventType.CallEnded && e.Call.User == _phone.User && e.Call.Direction == CallDirection.Inbound, "the end of the call");
        Assert.Equal(new CallOutcome(CallResult.Answered, reason), call.Outcome);
        Assert.Equal("carrier", Assert.Single(call.Legs!, leg => leg.Role == LegRole.Caller).Trunk);
        await caller.PassesAsync();
    }

    [Fact]
    public async Task FirstServerRefusesWith503_TheSecondTakesTheCall()
    {
        Assert.SkipUnless(Tool.Sipp.IsInstalled, Tool.Sipp.Missing);
        await using var refusing = await SippRun.ListenAsync("unavailable", fixture.OtherServer);
        await using var taking = await SippRun.ListenAsync("answer", fixture.Carrier);
        var call = await fixture.ClickAsync("+496012345", user: _phone.User);
        var ringing = await _phone.RingsAsync();
        await ringing.AnswerAsync();
        await fixture.Functions.EventAsync(call, CallEventType.CallConnected);
        await fixture.HangUpAsync(call);
        await refusing.PassesAsync();
        await taking.PassesAsync();
    }
}
