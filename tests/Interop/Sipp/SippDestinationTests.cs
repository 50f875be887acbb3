using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Interop.Worker;
using ClickToDial.TestKit.Phones;
using ClickToDial.TestKit.Processes;

namespace ClickToDial.Interop.Sipp;

/// <summary>sipp as the far end of a trunk; a scripted phone is the user's.</summary>
[Collection(WorkerFixture.Collection)]
public sealed class SippDestinationTests(WorkerFixture fixture) : IAsyncLifetime
{
    private const string Number = "+493012345";
    private const string NumberByTcp = "+494012345";
    private const string NumberByDigest = "+495012345";

    private Phone _phone = null!;

    public async ValueTask InitializeAsync() => _phone = await fixture.PhoneAsync(hertz: 440);

    public ValueTask DisposeAsync() => _phone.DisposeAsync();

    [Theory]
    [InlineData("answer", Number)]
    [InlineData("answer-early-media", Number)]
    [InlineData("answer-reliable", Number)]
    [InlineData("record-route", Number)]
    [InlineData("answer", NumberByTcp)]
    [InlineData("digest-trunk", NumberByDigest)]
    public async Task DestinationAnswers_SoundGoesThereAndBack(string scenario, string number)
    {
        var tcp = number == NumberByTcp;
        await using var destination = await ListenAsync(scenario, fixture.Carrier with { EchoesMedia = true, Tcp = tcp });
        var call = await fixture.ClickAsync(number, user: _phone.User);
        var ringing = await _phone.RingsAsync();
        Assert.Equal(number, ringing.CallerNumber);
        await ringing.AnswerAsync();
        await fixture.Functions.EventAsync(call, CallEventType.CallConnected);

        // What the phone hears is its own tone, sent back by sipp.
        await ringing.HearsAsync(_phone.Hertz, from: ringing.Heard.Count);

        await ringing.HangUpAsync();
        await destination.PassesAsync();
        var end = await fixture.Functions.EndAsync(call);
        Assert.Equal(CallReasons.UserHungUp, end.Outcome!.Reason);
        Assert.All(end.Legs!, leg => Assert.True(leg.Media!.PacketsReceived > 0 && leg.Media.PacketsLost == 0, $"{leg}"));
    }

    [Fact]
    public async Task DestinationHangsUp_UserIsHungUpToo()
    {
        await using var destination = await ListenAsync("answer-and-hang-up");
        var call = await fixture.ClickAsync(Number, user: _phone.User);
        var ringing = await _phone.RingsAsync();
        await ringing.AnswerAsync();

        Assert.Equal(CallEnd.HungUpByPeer, await ringing.EndsAsync());
        Assert.Equal(CallReasons.DestinationHungUp, (await fixture.Functions.EndAsync(call)).Outcome!.Reason);
        await destination.PassesAsync();
    }

    [Theory]
    [InlineData("busy", CallResult.Busy, CallReasons.DestinationBusy, 486)]
    [InlineData("decline", CallResult.Refused, CallReasons.DestinationRefused, 603)]
    [InlineData("not-found", CallResult.Failed, CallReasons.DestinationNotFound, 404)]
    [InlineData("unavailable", CallResult.Failed, CallReasons.DestinationUnreachable, 503)]
    public async Task DestinationRefuses_UserIsHungUpAndTheReasonIsTold(string scenario, CallResult result, string reason, int status)
    {
        await using var destination = await ListenAsync(scenario);
        var call = await fixture.ClickAsync(Number, user: _phone.User);
        var ringing = await _phone.RingsAsync();
        await ringing.AnswerAsync();

        Assert.Equal(new CallOutcome(result, reason, status), (await fixture.Functions.EndAsync(call)).Outcome);
        Assert.Equal(CallEnd.HungUpByPeer, await ringing.EndsAsync());
        await destination.PassesAsync();
    }

    [Fact]
    public async Task DestinationNeverAnswers_IsCancelledAfterTheRingTime()
    {
        await using var destination = await ListenAsync("no-answer");
        var call = await fixture.ClickAsync(Number, ringSeconds: 5, user: _phone.User);
        var ringing = await _phone.RingsAsync();
        await ringing.AnswerAsync();

        Assert.Equal(CallReasons.DestinationNoAnswer, (await fixture.Functions.EndAsync(call)).Outcome!.Reason);
        await ringing.EndsAsync();
        await destination.PassesAsync();
    }

    [Fact]
    public async Task DestinationAnswersAsItIsCancelled_IsAcknowledgedAndHungUp()
    {
        await using var destination = await ListenAsync("late-cancel");
        var call = await fixture.ClickAsync(Number, user: _phone.User);
        var ringing = await _phone.RingsAsync();
        await ringing.AnswerAsync();
        await fixture.Functions.EventAsync(call, CallEventType.LegRinging, LegRole.Destination);

        await ringing.HangUpAsync();

        Assert.Equal(CallReasons.UserHungUp, (await fixture.Functions.EndAsync(call)).Outcome!.Reason);
        await destination.PassesAsync();
    }

    [Fact]
    public async Task DestinationHoldsAndResumes_CallGoesOn()
    {
        await using var destination = await ListenAsync("re-invite");
        var call = await fixture.ClickAsync(Number, user: _phone.User);
        var ringing = await _phone.RingsAsync();
        await ringing.AnswerAsync();

        await destination.PassesAsync();
        Assert.Equal(CallReasons.DestinationHungUp, (await fixture.Functions.EndAsync(call)).Outcome!.Reason);
    }

    private Task<SippRun> ListenAsync(string scenario, SippSettings? settings = null)
    {
        Assert.SkipUnless(Tool.Sipp.IsInstalled, Tool.Sipp.Missing);
        return SippRun.ListenAsync(scenario, settings ?? fixture.Carrier);
    }
}
