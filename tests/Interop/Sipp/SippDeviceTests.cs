using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Interop.Worker;
using ClickToDial.TestKit.Processes;

namespace ClickToDial.Interop.Sipp;

/// <summary>sipp as the device of the user who clicks.</summary>
[Collection(WorkerFixture.Collection)]
public sealed class SippDeviceTests(WorkerFixture fixture)
{
    private const string Number = "+493012345";

    private readonly string _worker = $"127.0.0.1:{fixture.SipPort}";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DeviceRegistersAndAnswers_CallReachesTheDestination(bool tcp)
    {
        SkipWithoutSipp();
        await using var device = await fixture.DeskPhoneAsync("answer", tcp);
        await using var destination = await SippRun.ListenAsync("answer", fixture.Carrier);

        var call = await fixture.ClickAsync(Number);
        await fixture.Functions.EventAsync(call, CallEventType.CallConnected);
        var outcome = await fixture.HangUpAsync(call);

        Assert.Equal(new CallOutcome(CallResult.Answered, CallReasons.HungUpByApi), outcome with { SipStatus = null });
        await device.PassesAsync();
        await destination.PassesAsync();
    }

    [Fact]
    public async Task WrongPassword_IsChallengedAgain()
    {
        SkipWithoutSipp();
        await SippRun.PlayAsync("register-refused", _worker, fixture.DeskPhone with { Password = "not the password" });
    }

    [Fact]
    public async Task Options_AreAnsweredWithWhatTheWorkerAllows()
    {
        SkipWithoutSipp();
        await SippRun.PlayAsync("options", _worker, fixture.Carrier);
    }

    [Theory]
    [InlineData("busy", CallResult.Busy, CallReasons.UserBusy, 486)]
    [InlineData("decline", CallResult.Refused, CallReasons.UserRefused, 603)]
    public async Task DeviceRefuses_CallEndsWithItsReason(string scenario, CallResult result, string reason, int status)
    {
        SkipWithoutSipp();
        await using var device = await fixture.DeskPhoneAsync(scenario);

        var end = await fixture.Functions.EndAsync(await fixture.ClickAsync(Number));

        Assert.Equal(new CallOutcome(result, reason, status), end.Outcome);
        await device.PassesAsync();
    }

    [Fact]
    public async Task NobodyAnswers_DeviceIsCancelledAfterTheRingTime()
    {
        SkipWithoutSipp();
        await using var device = await fixture.DeskPhoneAsync("no-answer");

        var end = await fixture.Functions.EndAsync(await fixture.ClickAsync(Number, ringSeconds: 5));

        Assert.Equal(CallReasons.UserNoAnswer, end.Outcome!.Reason);
        await device.PassesAsync();
    }

    [Fact]
    public async Task DeviceAnswersAsItIsCancelled_IsAcknowledgedAndHungUp()
    {
        SkipWithoutSipp();
        await using var device = await fixture.DeskPhoneAsync("late-cancel");
        var call = await fixture.ClickAsync(Number);
        await fixture.Functions.EventAsync(call, CallEventType.LegRinging, LegRole.User);

        var outcome = await fixture.HangUpAsync(call);

        Assert.Equal(CallReasons.HungUpByApi, outcome.Reason);
        await device.PassesAsync();
    }

    [Fact]
    public async Task OnePressedByInfo_DialsTheDestination()
    {
        SkipWithoutSipp();
        await using var device = await fixture.DeskPhoneAsync("dtmf-info");
        await using var destination = await SippRun.ListenAsync("answer", fixture.Carrier);

        var call = await fixture.ClickAsync(Number, prompt: true);
        await fixture.Functions.EventAsync(call, CallEventType.CallConnected);

        Assert.Contains(fixture.Functions.Events.Snapshot(), e => e.CallId == call && e.Type == CallEventType.CallConfirmed);
        await fixture.HangUpAsync(call);
        await device.PassesAsync();
        await destination.PassesAsync();
    }

    private static void SkipWithoutSipp() => Assert.SkipUnless(Tool.Sipp.IsInstalled, Tool.Sipp.Missing);
}
