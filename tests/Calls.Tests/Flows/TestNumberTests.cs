using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.TestKit.Phones;

namespace ClickToDial.Calls.Tests.Flows;

public sealed class TestNumberTests : FlowTest
{
    [Theory]
    [InlineData("echo", 440)]
    [InlineData("milliwatt", 1004)]
    public async Task Number_that_sounds_is_heard(string number, double hertz)
    {
        await using var phone = await Rig.PhoneAsync("101-a", hertz: 440, onCall: IncomingCall.Answer);
        var id = await OriginateAsync(WorkerRig.Command(number));
        await (await phone.RingsAsync()).HearsAsync(hertz);
        await Rig.Api.HangUpAsync(id);
        await EndsAsync(id, CallResult.Answered, CallReasons.HungUpByApi);
    }

    [Fact]
    public async Task Busy_is_busy()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        var id = await OriginateAsync(WorkerRig.Command("busy"));
        await EndsAsync(id, CallResult.Busy, CallReasons.DestinationBusy, 486);
    }

    [Fact]
    public async Task No_answer_rings_until_time_is_up()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        var id = await OriginateAsync(WorkerRig.Command("no-answer") with { RingTimeoutSeconds = 1 });
        await EndsAsync(id, CallResult.NoAnswer, CallReasons.DestinationNoAnswer);
    }

    [Fact]
    public async Task User_of_the_same_domain_is_called_inside_and_sees_the_caller()
    {
        await using var phone = await Rig.PhoneAsync("101-a", hertz: 440, onCall: IncomingCall.Answer);
        await using var other = await Rig.PhoneAsync("102-a", hertz: 880, codec: PhoneCodec.Pcmu);
        var id = await OriginateAsync(WorkerRig.Command("102"));
        var far = await other.RingsAsync();
        Assert.Equal("101", far.CallerNumber);
        await far.AnswerAsync();
        // One speaks A-law and the other mu-law: the relay converts.
        await far.HearsAsync(440);
        await (await phone.RingsAsync()).HearsAsync(880);
        Assert.Equal(CallDirection.Internal, (await Rig.Functions.EventAsync(id, CallEventType.CallStarted)).Call.Direction);
    }
}
