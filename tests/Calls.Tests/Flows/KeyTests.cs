using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Events;
using ClickToDial.Sip.Messages;
using ClickToDial.TestKit.Phones;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>Keys from one end to the other, in whichever of the two ways each of them takes.</summary>
public sealed class KeyTests : TalkTest
{
    [Fact]
    public async Task Phone_that_sends_its_keys_both_ways_presses_each_once()
    {
        await using var phone = await Rig.PhoneAsync("101-a");
        var trunk = await Rig.UseTrunkAsync();
        var (_, user, far) = await ConnectedAsync(phone, trunk);
        await user.HearsAsync(800);

        foreach (var key in "159#")
        {
            var heard = far.Digits.Count;
            user.Press(key);
            Assert.Equal(200, await user.PressByInfoAsync(key));
            await far.Digits.WaitAsync(_ => true, $"key {key}", from: heard);
            await far.HearsAsync(400, from: far.Heard.Count); // What was to come has come: the sound follows the keys.
        }
        Assert.Equal("159#", string.Concat(far.Digits.Snapshot()));
    }

    [Fact]
    public async Task Key_beside_the_sound_goes_by_info_to_an_end_that_takes_no_other()
    {
        await using var phone = await Rig.PhoneAsync("101-a");
        await using var far = await FarEndAsync();
        var id = await OriginateAsync(WorkerRig.Command(Number));
        var user = await phone.RingsAsync();
        await user.AnswerAsync();
        far.Answer(await far.RequestAsync(), SipUa.Sdp("8"));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        user.Press('4');
        var key = await far.InDialogAsync();
        Assert.Equal((SipMethod.Info, "Signal=4\r\nDuration=160\r\n"), (key.Request.Method, Text(key.Request)));
        key.Respond(200);
    }

    [Fact]
    public async Task Who_says_that_it_takes_no_info_is_sent_none()
    {
        await using var talk = await TalkAsync(allow: "INVITE, ACK, BYE, CANCEL");
        Assert.Equal(200, (await talk.User.AskAsync(talk.UserDialog, SipMethod.Info, "application/dtmf-relay", "Signal=5\r\n")).Status);
        await Rig.Api.HangUpAsync(talk.Id);
        Assert.Equal(SipMethod.Bye, (await talk.Far.InDialogAsync()).Request.Method);
    }
}
