using System.Text;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Events;
using ClickToDial.Media.Codecs;
using ClickToDial.TestKit.Phones;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>Ends that share no codec, and whose phones do not go over to another one.</summary>
public sealed class TranscodingTests : TalkTest
{
    [Theory(DisplayName = "A phone of one codec and a far end of another hear each other, though neither goes over to the other's")]
    [InlineData(PhoneCodec.G722, PhoneCodec.Pcma)]
    [InlineData(PhoneCodec.Opus, PhoneCodec.Pcma)]
    [InlineData(PhoneCodec.Pcmu, PhoneCodec.G722)]
    [InlineData(PhoneCodec.Opus, PhoneCodec.G722)]
    public async Task Ends_without_a_codec_in_common_hear_each_other(PhoneCodec ours, PhoneCodec theirs)
    {
        SkipWithoutOpus(ours, theirs);
        await using var phone = await Rig.PhoneAsync("101-a", hertz: 400, codec: ours, refusesOffers: true);
        var trunk = await Rig.UseTrunkAsync(hertz: 800, codec: theirs, refusesOffers: true);
        var (id, user, far) = await ConnectedAsync(phone, trunk);

        await user.HearsAsync(800);
        await far.HearsAsync(400);
        far.Press('7');
        Assert.Equal('7', await user.Digits.WaitAsync(_ => true, "a key"));
        await far.HangUpAsync();
        var ended = await EndsAsync(id, CallResult.Answered, CallReasons.DestinationHungUp);
        Assert.Equal([ours.ToString().ToUpperInvariant(), theirs.ToString().ToUpperInvariant()], ended.Legs!.Select(leg => leg.Media!.Codec?.ToUpperInvariant()));
        Assert.All(ended.Legs!, leg => Assert.Equal(0, leg.Media!.PacketsLost));
    }

    [Fact]
    public async Task Who_goes_over_to_the_far_ends_codec_is_not_transcoded()
    {
        await using var user = await RegisteredAsync("101-a");
        await using var far = await FarEndAsync();
        var id = await AnsweredAsync(user, "9", far, "8");
        var asked = await user.InDialogAsync();
        Assert.Contains("RTP/AVP 8\r\n", Text(asked.Request), StringComparison.Ordinal);
        user.Answer(asked, SipUa.Sdp("8"));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
    }

    [Fact(DisplayName = "A phone that accepts a codec it has not, and is left with none, is offered its own again")]
    public async Task Phone_that_accepts_what_it_cannot_play_is_offered_again_what_it_can()
    {
        await using var user = await RegisteredAsync("101-a");
        await using var far = await FarEndAsync();
        var id = await AnsweredAsync(user, "9", far, "8");
        var asked = await user.InDialogAsync();
        Assert.Contains("RTP/AVP 8\r\n", Text(asked.Request), StringComparison.Ordinal);
        user.Answer(asked, SipUa.Sdp("101", "a=rtpmap:101 telephone-event/8000\r\n"));
        var restored = await user.InDialogAsync();
        Assert.Contains("RTP/AVP 9\r\n", Text(restored.Request), StringComparison.Ordinal);
        // Even one that never learns is not asked for ever.
        user.Answer(restored, SipUa.Sdp("101", "a=rtpmap:101 telephone-event/8000\r\n"));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        await Rig.Api.HangUpAsync(id);
        Assert.Equal(Sip.Messages.SipMethod.Bye, (await user.InDialogAsync()).Request.Method);
    }

    [Fact(DisplayName = "A phone that talks wide-band is asked for G.711 while it is held, hears music, and gets its codec back")]
    public async Task Held_phone_without_G711_hears_music_all_the_same()
    {
        await using var user = await RegisteredAsync("101-a");
        await using var far = await FarEndAsync();
        using var ear = new Ear();
        var id = await OriginateAsync(WorkerRig.Command(Number));
        user.Answer(await user.RequestAsync(), ear.Sdp("9"));
        var dialog = far.Answer(await far.RequestAsync(), SipUa.Sdp("9"));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);

        var hold = Encoding.ASCII.GetString(SipUa.Sdp("9", "a=inactive\r\n"));
        Assert.Equal(200, (await far.AskAsync(dialog, Sip.Messages.SipMethod.Update, "application/sdp", hold)).Status);
        var held = await user.InDialogAsync();
        Assert.Contains("RTP/AVP 8 0 9 ", Text(held.Request), StringComparison.Ordinal);
        Assert.Contains("a=sendonly", Text(held.Request), StringComparison.Ordinal);
        user.Answer(held, ear.Sdp("8", "a=recvonly\r\n"));
        await ear.HearsAsync(WorkerRig.HoldHertz);

        Assert.Equal(200, (await far.AskAsync(dialog, Sip.Messages.SipMethod.Update, "application/sdp", Encoding.ASCII.GetString(SipUa.Sdp("9")))).Status);
        var resumed = await user.InDialogAsync();
        Assert.Contains("RTP/AVP 9", Text(resumed.Request), StringComparison.Ordinal);
        Assert.Contains("a=sendrecv", Text(resumed.Request), StringComparison.Ordinal);
        user.Answer(resumed, ear.Sdp("9"));
        await Rig.Api.HangUpAsync(id);
        Assert.Equal(Sip.Messages.SipMethod.Bye, (await user.InDialogAsync()).Request.Method);
    }

    [Theory(DisplayName = "D4: who takes no G.711, a trunk or a phone that keeps its codec, hears music in the codec it talks in")]
    [InlineData(PhoneCodec.G722, true)]
    [InlineData(PhoneCodec.Opus, true)]
    [InlineData(PhoneCodec.G722, false)]
    public async Task Music_is_transcoded_for_who_takes_no_G711(PhoneCodec codec, bool isTrunkHeld)
    {
        SkipWithoutOpus(codec);
        await using var phone = await Rig.PhoneAsync("101-a", hertz: 400, codec: codec, refusesOffers: true);
        var trunk = await Rig.UseTrunkAsync(hertz: 800, codec: codec, refusesOffers: isTrunkHeld);
        var (id, user, far) = await ConnectedAsync(phone, trunk);

        var (holder, held) = isTrunkHeld ? ("user", far) : ("destination", user);
        await Rig.Api.OrderAsync(id, "hold", new LegCommand(holder));
        await held.HearsAsync(WorkerRig.HoldHertz);
        await Rig.Api.OrderAsync(id, "resume", new LegCommand(holder));
        await held.HearsAsync(isTrunkHeld ? 400 : 800, held.Heard.Count);
        await far.HangUpAsync();
        await EndsAsync(id, CallResult.Answered, CallReasons.DestinationHungUp);
    }

    [Fact]
    public async Task Device_that_dials_with_one_codec_reaches_a_far_end_that_has_only_another()
    {
        await using var user = await RegisteredAsync("101-a");
        await using var far = await FarEndAsync();
        var call = user.Dial(Number, SipUa.Sdp("9"));
        var invite = await far.RequestAsync();
        // What needs no transcoding stands first.
        Assert.Contains("RTP/AVP 9 8 0", Text(invite.Request), StringComparison.Ordinal);
        far.Answer(invite, SipUa.Sdp("8"));
        Assert.Contains("RTP/AVP 9\r\n", Encoding.ASCII.GetString((await call.FinalAsync()).Body.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Far_end_that_changes_to_a_codec_the_user_has_not_gets_it()
    {
        await using var talk = await TalkAsync();
        var answer = await talk.Far.AskAsync(talk.FarDialog, Sip.Messages.SipMethod.Update, "application/sdp", Encoding.ASCII.GetString(SipUa.Sdp("9")));
        Assert.Equal(200, answer.Status);
        Assert.Contains("RTP/AVP 9\r\n", Text(answer), StringComparison.Ordinal);
    }

    private static void SkipWithoutOpus(params PhoneCodec[] codecs) =>
        Assert.SkipUnless(OpusLibrary.IsAvailable || !codecs.Contains(PhoneCodec.Opus), OpusLibrary.Problem ?? "");
}
