using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.TestKit.Phones;

namespace ClickToDial.Calls.Tests.Flows;

public sealed class RefusalTests : FlowTest
{
    [Theory]
    [InlineData(IncomingCall.Busy, CallResult.Busy, CallReasons.UserBusy, 486)]
    [InlineData(IncomingCall.Decline, CallResult.Refused, CallReasons.UserRefused, 603)]
    public async Task User_who_does_not_want_ends_the_call(IncomingCall does, CallResult result, string reason, int status)
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: does);
        await Rig.UseTrunkAsync();
        var id = await OriginateAsync(WorkerRig.Command(Number));
        var ended = await EndsAsync(id, result, reason, status);
        Assert.Equal(status, Assert.Single(ended.Legs!).SipStatus);
    }

    [Theory]
    [InlineData(IncomingCall.Busy, CallResult.Busy, CallReasons.DestinationBusy, 486)]
    [InlineData(IncomingCall.Decline, CallResult.Refused, CallReasons.DestinationRefused, 603)]
    public async Task Destination_that_does_not_want_ends_the_call_and_the_user_is_let_go(
        IncomingCall does, CallResult result, string reason, int status)
    {
        await using var phone = await Rig.PhoneAsync("101-a");
        await Rig.UseTrunkAsync(onCall: does);
        var id = await OriginateAsync(WorkerRig.Command(Number));
        var user = await phone.RingsAsync();
        await user.AnswerAsync();
        Assert.Equal(CallEnd.HungUpByPeer, await user.EndsAsync());
        await EndsAsync(id, result, reason, status);
    }

    [Theory]
    [InlineData(404, CallResult.Failed, CallReasons.DestinationNotFound)]
    [InlineData(480, CallResult.NoAnswer, CallReasons.DestinationNoAnswer)]
    [InlineData(503, CallResult.Failed, CallReasons.DestinationUnreachable)]
    [InlineData(488, CallResult.Failed, CallReasons.NoCommonCodec)]
    public async Task Final_response_of_the_trunk_has_its_reason(int status, CallResult result, string reason)
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        var trunk = await Rig.UseTrunkAsync();
        var id = await OriginateAsync(WorkerRig.Command(Number));
        (await trunk.RingsAsync()).Reject(status);
        await EndsAsync(id, result, reason, status);
    }

    [Fact]
    public async Task User_who_never_answers_is_no_answer_and_stops_ringing()
    {
        await using var phone = await Rig.PhoneAsync("101-a");
        await Rig.UseTrunkAsync();
        var id = await OriginateAsync(WorkerRig.Command(Number) with { RingTimeoutSeconds = 1 });
        var user = await phone.RingsAsync();
        Assert.Equal(CallEnd.Cancelled, await user.EndsAsync());
        await EndsAsync(id, CallResult.NoAnswer, CallReasons.UserNoAnswer);
    }

    [Fact]
    public async Task Destination_that_never_answers_is_no_answer_and_stops_ringing()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        var trunk = await Rig.UseTrunkAsync();
        var id = await OriginateAsync(WorkerRig.Command(Number) with { RingTimeoutSeconds = 1 });
        var user = await phone.RingsAsync();
        await user.HearsAsync(425); // Ringback of our own.
        Assert.Equal(CallEnd.Cancelled, await (await trunk.RingsAsync()).EndsAsync());
        await EndsAsync(id, CallResult.NoAnswer, CallReasons.DestinationNoAnswer);
        Assert.Equal(CallEnd.HungUpByPeer, await user.EndsAsync());
    }

    [Fact]
    public async Task Trunk_that_is_silent_is_unreachable_after_the_transaction_gave_up()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        await Rig.UseTrunkAsync(onCall: IncomingCall.Ignore);
        var id = await OriginateAsync(WorkerRig.Command(Number));
        await EndsAsync(id, CallResult.Failed, CallReasons.DestinationUnreachable);
    }

    [Fact]
    public async Task User_without_a_registered_device_ends_the_call_at_once()
    {
        await Rig.UseTrunkAsync();
        var id = await OriginateAsync(WorkerRig.Command(Number));
        await EndsAsync(id, CallResult.Failed, CallReasons.UserNotRegistered);
    }

    [Fact]
    public async Task Number_without_a_route_rings_nobody()
    {
        await using var phone = await Rig.PhoneAsync("101-a");
        var id = await OriginateAsync(WorkerRig.Command("+15551234567"));
        await EndsAsync(id, CallResult.Failed, CallReasons.NoRoute);
        Assert.Equal(0, phone.CallCount);
    }

    [Fact]
    public async Task User_who_hangs_up_while_the_destination_rings_cancels_it()
    {
        await using var phone = await Rig.PhoneAsync("101-a");
        var trunk = await Rig.UseTrunkAsync();
        var id = await OriginateAsync(WorkerRig.Command(Number));
        var user = await phone.RingsAsync();
        await user.AnswerAsync();
        var far = await trunk.RingsAsync();
        await user.HangUpAsync();
        Assert.Equal(CallEnd.Cancelled, await far.EndsAsync());
        await EndsAsync(id, CallResult.Cancelled, CallReasons.UserHungUp);
    }

    [Fact]
    public async Task Destination_that_hangs_up_ends_the_call_for_the_user()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        var trunk = await Rig.UseTrunkAsync();
        var id = await OriginateAsync(WorkerRig.Command(Number));
        var far = await trunk.RingsAsync();
        await far.AnswerAsync();
        await (await phone.RingsAsync()).HearsAsync(800);
        await far.HangUpAsync();
        await EndsAsync(id, CallResult.Answered, CallReasons.DestinationHungUp);
    }

    [Fact]
    public async Task Longest_talk_is_ended()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        await Rig.UseTrunkAsync(onCall: IncomingCall.Answer);
        var id = await OriginateAsync(WorkerRig.Command(Number) with { MaxDurationSeconds = 1 });
        await EndsAsync(id, CallResult.Answered, CallReasons.MaxDuration);
    }
}
