using ClickToDial.Calls.Bridging;
using ClickToDial.Contracts.Calls;

namespace ClickToDial.Calls.Tests.Bridging;

public sealed class CallEndingsTests
{
    [Theory]
    [InlineData(486, CallResult.Busy, CallReasons.DestinationBusy)]
    [InlineData(600, CallResult.Busy, CallReasons.DestinationBusy)]
    [InlineData(403, CallResult.Refused, CallReasons.DestinationRefused)]
    [InlineData(603, CallResult.Refused, CallReasons.DestinationRefused)]
    [InlineData(404, CallResult.Failed, CallReasons.DestinationNotFound)]
    [InlineData(484, CallResult.Failed, CallReasons.DestinationNotFound)]
    [InlineData(604, CallResult.Failed, CallReasons.DestinationNotFound)]
    [InlineData(408, CallResult.NoAnswer, CallReasons.DestinationNoAnswer)]
    [InlineData(480, CallResult.NoAnswer, CallReasons.DestinationNoAnswer)]
    [InlineData(488, CallResult.Failed, CallReasons.NoCommonCodec)]
    [InlineData(500, CallResult.Failed, CallReasons.DestinationUnreachable)]
    [InlineData(503, CallResult.Failed, CallReasons.DestinationUnreachable)]
    [InlineData(302, CallResult.Failed, CallReasons.DestinationUnreachable)]
    [InlineData(400, CallResult.Failed, CallReasons.DestinationUnreachable)]
    [InlineData(401, CallResult.Failed, CallReasons.DestinationUnreachable)]
    [InlineData(405, CallResult.Failed, CallReasons.DestinationUnreachable)]
    [InlineData(407, CallResult.Failed, CallReasons.DestinationUnreachable)]
    [InlineData(420, CallResult.Failed, CallReasons.DestinationUnreachable)]
    [InlineData(481, CallResult.Failed, CallReasons.DestinationUnreachable)]
    [InlineData(482, CallResult.Failed, CallReasons.DestinationUnreachable)]
    [InlineData(483, CallResult.Failed, CallReasons.DestinationUnreachable)]
    [InlineData(415, CallResult.Failed, CallReasons.NoCommonCodec)]
    [InlineData(607, CallResult.Refused, CallReasons.DestinationRefused)]
    public void Destination_response_has_its_reason(int status, CallResult result, string reason) =>
        Assert.Equal(new CallOutcome(result, reason, status), CallEndings.Of(CallPhase.Dialling, CallInput.DestinationFailed, status));

    [Theory]
    [InlineData(486, CallResult.Busy, CallReasons.UserBusy)]
    [InlineData(603, CallResult.Refused, CallReasons.UserRefused)]
    [InlineData(480, CallResult.NoAnswer, CallReasons.UserNoAnswer)]
    [InlineData(488, CallResult.Failed, CallReasons.NoCommonCodec)]
    [InlineData(503, CallResult.Failed, CallReasons.UserNotRegistered)]
    [InlineData(302, CallResult.Failed, CallReasons.UserNotRegistered)]
    [InlineData(401, CallResult.Failed, CallReasons.UserNotRegistered)]
    [InlineData(481, CallResult.Failed, CallReasons.UserNotRegistered)]
    [InlineData(415, CallResult.Failed, CallReasons.NoCommonCodec)]
    [InlineData(403, CallResult.Refused, CallReasons.UserRefused)]
    public void User_response_has_its_reason(int status, CallResult result, string reason) =>
        Assert.Equal(new CallOutcome(result, reason, status), CallEndings.Of(CallPhase.RingingUser, CallInput.UserFailed, status));

    [Fact]
    public void Peer_that_never_responded_is_unreachable_without_a_status() => Assert.Equal(
        new CallOutcome(CallResult.Failed, CallReasons.DestinationUnreachable),
        CallEndings.Of(CallPhase.Dialling, CallInput.DestinationFailed, 0));

    [Theory]
    [InlineData(CallInput.UserHungUp)]
    [InlineData(CallInput.DestinationHungUp)]
    [InlineData(CallInput.ApiHangUp)]
    public void Hang_up_is_an_answered_call_only_when_both_talked(CallInput input)
    {
        Assert.Equal(CallResult.Answered, CallEndings.Of(CallPhase.Talking, input, null).Result);
        Assert.Equal(CallResult.Cancelled, CallEndings.Of(CallPhase.Aligning, input, null).Result);
    }

    [Fact]
    public void Every_ending_input_has_a_reason_of_its_own()
    {
        var reasons = Enum.GetValues<CallInput>()
            .Where(input => input is not (CallInput.Impossible or CallInput.AnnouncementOver)) // Their reason comes with them, or came before.
            .Where(input => Enum.GetValues<CallPhase>().Any(phase => CallMachine.Ends(phase, input)))
            .Select(input => CallEndings.Of(CallPhase.Talking, input, 486).Reason).ToList();
        Assert.Equal(reasons.Distinct().Count(), reasons.Count);
    }
}
