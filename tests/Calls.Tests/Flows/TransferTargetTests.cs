using ClickToDial.Calls.Control;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Events;
using ClickToDial.TestKit.Phones;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>Whom a transfer rings: what is heard of it before it answers, and what who let it be dialled has said of it.</summary>
public sealed class TransferTargetTests : FlowTest
{
    private const double User = 400;
    private const double Far = 800;
    private const double Target = 1300;
    private const double Ringback = 425;

    [Theory(DisplayName = "D4: who is transferred hears ringback until the target's early sound comes, then that, and who answers or stayed afterwards")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Early_sound_of_a_target_is_heard(bool answers)
    {
        await using var phone = await Rig.PhoneAsync("101-a", User, IncomingCall.Answer);
        await using var target = await RegisteredAsync("102-a");
        var trunk = await Rig.UseTrunkAsync(Far, IncomingCall.Answer);
        var id = await OriginateAsync(WorkerRig.Command(Number));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        var (user, far) = (await phone.RingsAsync(), await trunk.RingsAsync());
        using var ear = new Ear();
        using var silence = new CancellationTokenSource();

        await Rig.Api.OrderAsync(id, "transfer", new TransferCommand("102"));
        var invite = await target.RequestAsync();
        target.Answer(invite, ear.Sdp(), status: 183);
        await far.HearsAsync(Ringback);
        var speaking = ear.SpeakAsync(invite.Request, Target, silence.Token);
        await far.HearsAsync(Target);
        if (answers)
        {
            target.Answer(invite, ear.Sdp());
            await Rig.Functions.EventAsync(id, CallEventType.CallTransferred);
            await ear.HearsAsync(Far);
            await far.HearsAsync(Target, far.Heard.Count);
            await far.HangUpAsync();
        }
        else
        {
            invite.Respond(486);
            await Rig.Functions.EventAsync(id, CallEventType.CallTransferFailed);
            await far.HearsAsync(User, far.Heard.Count);
            await user.HearsAsync(Far, user.Heard.Count);
            await far.HangUpAsync();
        }
        await silence.CancelAsync();
        await speaking;
        await EndsAsync(id, CallResult.Answered, CallReasons.DestinationHungUp);
    }

    [Fact(DisplayName = "F2: the caller and the longest talk that were said with a transfer hold for the target")]
    public async Task Caller_and_limit_of_a_transfer_hold_for_the_target()
    {
        await using var phone = await Rig.PhoneAsync("101-a", User, IncomingCall.Answer);
        await using var other = await Rig.PhoneAsync("102-a", 500, IncomingCall.Answer);
        var trunk = await Rig.UseTrunkAsync(Far, IncomingCall.Answer);
        var id = await OriginateAsync(WorkerRig.Command("102"));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);

        var order = new CallOrder.Transfer(Number, Leg: null, Drop: false, TimeSpan.FromSeconds(20))
        {
            CallerId = "+4930555",
            MaxDuration = TimeSpan.FromMilliseconds(300),
        };
        Assert.Equal(OrderVerdict.Done, (await Rig.Server.Calls.OrderAsync(id, order, CancellationToken.None)).Verdict);
        Assert.Equal("+4930555", (await trunk.RingsAsync()).CallerNumber);
        await Rig.Functions.EventAsync(id, CallEventType.CallTransferred);
        await EndsAsync(id, CallResult.Answered, CallReasons.MaxDuration);
    }
}
