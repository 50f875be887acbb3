using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>Phones that answer with one wide-band codec only, and what the far end is offered then.</summary>
public sealed class CodecTests : FlowTest
{
    private const string OpusMap = "a=rtpmap:96 opus/48000/2\r\n";

    [Theory]
    [InlineData("9", "")]
    [InlineData("96", OpusMap)]
    public async Task Trunk_is_offered_G711_though_the_user_answered_without_it_and_the_user_is_asked_over(string formats, string lines)
    {
        await using var user = await RegisteredAsync("101-a");
        await using var far = await FarEndAsync();
        var id = await OriginateAsync(WorkerRig.Command(Number));
        var invite = await user.RequestAsync();
        Assert.Contains("RTP/AVP 8 0 ", Text(invite.Request), StringComparison.Ordinal);
        user.Answer(invite, SipUa.Sdp(formats, lines));

        var farInvite = await far.RequestAsync();
        Assert.Contains($"RTP/AVP {formats} 8 0", Text(farInvite.Request), StringComparison.Ordinal);
        far.Answer(farInvite, SipUa.Sdp("8"));
        var again = await user.InDialogAsync();
        Assert.Contains("RTP/AVP 8\r\n", Text(again.Request), StringComparison.Ordinal);
        user.Answer(again, SipUa.Sdp("8"));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
    }

    [Fact]
    public async Task User_without_G711_is_asked_for_it_so_that_ringback_can_be_heard()
    {
        await using var user = await RegisteredAsync("101-a");
        await using var far = await FarEndAsync();
        var id = await OriginateAsync(WorkerRig.Command(Number));
        user.Answer(await user.RequestAsync(), SipUa.Sdp("96", OpusMap));
        var farInvite = await far.RequestAsync();
        farInvite.Respond(180);

        var asked = await user.InDialogAsync();
        Assert.Contains("RTP/AVP 8 0 101 13\r\n", Text(asked.Request), StringComparison.Ordinal);
        // The far end answers with Opus while the question is open: nobody is bridged into silence.
        far.Answer(farInvite, SipUa.Sdp("96 8", OpusMap));
        user.Answer(asked, SipUa.Sdp("8"));
        await Rig.Functions.EventAsync(id, CallEventType.LegAnswered, LegRole.Destination);
        var aligned = await user.InDialogAsync();
        Assert.Contains("RTP/AVP 96 8\r\n", Text(aligned.Request), StringComparison.Ordinal);
        user.Answer(aligned, SipUa.Sdp("96 8", OpusMap));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
    }

    [Fact]
    public async Task User_who_is_to_hear_the_prompt_is_offered_what_it_can_be_played_in_and_nothing_else()
    {
        await using var user = await RegisteredAsync("101-a");
        await OriginateAsync(WorkerRig.Command("echo", prompt: true));
        Assert.Contains("RTP/AVP 8 0 101 13\r\n", Text((await user.RequestAsync()).Request), StringComparison.Ordinal);
    }

    [Fact]
    public async Task User_who_says_trying_and_nothing_more_to_the_other_codec_ends_the_call_where_nothing_is_transcoded()
    {
        await Rig.KillWorkerAsync();
        Rig.Configure = options =>
        {
            options.Media.Transcoding = false;
            return options with { Calls = options.Calls with { AlignTimeout = TimeSpan.FromMilliseconds(500) } };
        };
        await Rig.StartWorkerAsync();
        await using var user = await RegisteredAsync("101-a");
        await using var far = await FarEndAsync();
        var id = await AnsweredAsync(user, "9", far, "8");
        (await user.InDialogAsync()).Respond(100);
        await EndsAsync(id, CallResult.Failed, CallReasons.NoCommonCodec);
        Assert.Equal(SipMethod.Bye, (await far.InDialogAsync()).Request.Method);
    }

    [Fact]
    public async Task Both_who_offer_at_once_are_asked_again_later()
    {
        await using var user = await RegisteredAsync("101-a");
        await using var far = await FarEndAsync();
        var id = await AnsweredAsync(user, "9", far, "8");
        (await user.InDialogAsync()).Respond(491);
        var again = await user.InDialogAsync();
        Assert.Contains("RTP/AVP 8\r\n", Text(again.Request), StringComparison.Ordinal);
        user.Answer(again, SipUa.Sdp("8"));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
    }
}
