using System.Net;
using System.Text;
using ClickToDial.Media.Sdp;

namespace ClickToDial.Media.Tests.Sdp;

public sealed class OfferAnswerTests
{
    private static readonly LocalAudio Ours = new(IPAddress.Parse("198.51.100.7"), 20000, 42, 3);

    [Fact]
    public void Answer_keeps_the_offers_numbers_and_order_and_adds_nothing()
    {
        var result = Answer("m=audio 4000 RTP/AVP 97 111 8 110\r\na=rtpmap:97 opus/48000/2\r\na=fmtp:97 useinbandfec=1\r\n" +
            "a=rtpmap:111 telephone-event/48000\r\na=rtpmap:110 telephone-event/8000\r\n");

        Assert.Equal(OfferVerdict.Ok, result.Verdict);
        var audio = result.Answer!.Media[0];
        Assert.Equal(["97", "111", "8", "110"], audio.Formats);
        Assert.Equal("useinbandfec=1", audio.FormatParameters(97));
        Assert.Equal("0-15", audio.FormatParameters(110));
        Assert.Equal(20000, audio.Port);
        Assert.Equal(("-", 42UL, 3UL, "198.51.100.7"), (result.Answer.Origin.UserName, result.Answer.Origin.SessionId, result.Answer.Origin.SessionVersion, result.Answer.Connection!.Address));
        Assert.Equal(["opus", "telephone-event", "PCMA", "telephone-event"], result.Agreement!.Codecs.Select(c => c.Codec.Name));
        Assert.Equal("opus", result.Agreement.Primary.Codec.Name);
        Assert.Equal((IPAddress.Parse("192.0.2.1"), 4000, 4001), (result.Agreement.RemoteAddress, result.Agreement.RemotePort, result.Agreement.RemoteRtcpPort));
    }

    // RFC 3264 section 8.3.2.
    [Fact]
    public void Re_offer_keeps_the_numbers_of_the_peers_offer()
    {
        var numbers = new PayloadNumbers();
        var answer = Answer("m=audio 4000 RTP/AVP 97 8 96\r\na=rtpmap:97 opus/48000/2\r\na=rtpmap:96 telephone-event/8000\r\n");
        numbers.Learn(answer.Agreement!);

        var offer = OfferAnswer.Offer(Ours, [AudioCodec.TelephoneEvent48, AudioCodec.Pcma, AudioCodec.TelephoneEvent, AudioCodec.Opus], numbers: numbers);

        Assert.Equal(["98", "8", "96", "97"], offer.Media[0].Formats);
    }

    [Fact]
    public void Re_offer_keeps_the_numbers_of_our_own_offer_also_of_what_was_not_taken()
    {
        var numbers = new PayloadNumbers();
        OfferAnswer.Offer(Ours, [AudioCodec.Opus, AudioCodec.TelephoneEvent48, AudioCodec.TelephoneEvent], numbers: numbers);

        var offer = OfferAnswer.Offer(Ours, [AudioCodec.TelephoneEvent, AudioCodec.TelephoneEvent48], numbers: numbers);

        Assert.Equal(["101", "97"], offer.Media[0].Formats);
    }

    [Fact]
    public void Number_the_peer_chose_for_sending_to_it_is_not_used_for_something_else()
    {
        var numbers = new PayloadNumbers();
        var offer = OfferAnswer.Offer(Ours, [AudioCodec.Opus], numbers: numbers);
        var answer = Parse("m=audio 4000 RTP/AVP 101\r\na=rtpmap:101 opus/48000/2\r\n");
        numbers.Learn(OfferAnswer.Accept(offer, answer).Agreement!);

        var again = OfferAnswer.Offer(Ours, [AudioCodec.TelephoneEvent, AudioCodec.Opus], numbers: numbers);

        Assert.Equal(["97", "96"], again.Media[0].Formats);
    }

    [Fact]
    public void Static_number_with_another_meaning_is_not_given_twice()
    {
        var numbers = new PayloadNumbers();
        numbers.Learn(Answer("m=audio 4000 RTP/AVP 8\r\na=rtpmap:8 opus/48000/2\r\n").Agreement!);
        Assert.Equal(["8", "96"], OfferAnswer.Offer(Ours, [AudioCodec.Opus, AudioCodec.Pcma], numbers: numbers).Media[0].Formats);
    }

    [Fact]
    public void Peer_that_uses_up_all_numbers_still_gets_a_clear_offer()
    {
        var numbers = new PayloadNumbers();
        for (var n = 96; n < 128; n++) numbers.Learn(Answer($"m=audio 4000 RTP/AVP {n}\r\na=rtpmap:{n} opus/48000/2\r\n").Agreement!);
        var formats = OfferAnswer.Offer(Ours, [AudioCodec.TelephoneEvent, AudioCodec.TelephoneEvent48, AudioCodec.Opus], numbers: numbers).Media[0].Formats;
        Assert.Equal(3, formats.Distinct().Count());
    }

    [Fact]
    public void Codecs_we_lack_are_left_out()
    {
        var result = Answer("m=audio 4000 RTP/AVP 18 0 3 96\r\na=rtpmap:96 speex/16000\r\n");
        Assert.Equal(["0"], result.Answer!.Media[0].Formats);
    }

    [Fact]
    public void Other_lines_are_declined_in_place()
    {
        var result = Answer("m=video 5000 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\nm=audio 4000 RTP/AVP 8\r\nm=audio 4002 RTP/AVP 8\r\n");

        Assert.Equal([0, 20000, 0], result.Answer!.Media.Select(media => media.Port));
        Assert.Equal(["video", "audio", "audio"], result.Answer.Media.Select(media => media.Kind));
        Assert.Equal(["96"], result.Answer.Media[0].Formats);
    }

    [Theory]
    [InlineData("m=video 5000 RTP/AVP 96\r\n", OfferVerdict.NoAudio)]
    [InlineData("m=audio 0 RTP/AVP 8\r\n", OfferVerdict.NoAudio)]
    [InlineData("m=audio 4000 RTP/SAVP 8\r\n", OfferVerdict.NoKeys)]
    [InlineData("m=audio 4000 RTP/AVP 18\r\n", OfferVerdict.NoCommonCodec)]
    [InlineData("m=audio 4000 RTP/AVP 101\r\na=rtpmap:101 telephone-event/8000\r\n", OfferVerdict.NoCommonCodec)]
    [InlineData("m=audio 4000 RTP/AVP 8\r\na=rtpmap:8 speex/8000\r\n", OfferVerdict.NoCommonCodec)]
    public void Offer_we_cannot_take_says_why(string media, OfferVerdict verdict)
    {
        var result = Answer(media);
        Assert.Equal(verdict, result.Verdict);
        Assert.Null(result.Answer);
    }

    // RFC 3264 section 6.1, and section 8.4 for the unspecified address.
    [Theory]
    [InlineData("", "sendrecv", false)]
    [InlineData("a=sendrecv\r\n", "sendrecv", false)]
    [InlineData("a=sendonly\r\n", "recvonly", true)]
    [InlineData("a=recvonly\r\n", "sendonly", false)]
    [InlineData("a=inactive\r\n", "inactive", true)]
    [InlineData("c=IN IP4 0.0.0.0\r\n", "recvonly", true)]
    public void Direction_is_mirrored(string attribute, string expected, bool onHold)
    {
        var result = Answer("m=audio 4000 RTP/AVP 8\r\n" + attribute);
        Assert.Equal(expected, result.Answer!.Media[0].Direction!.Value.ToAttribute());
        Assert.Equal(onHold, result.Agreement!.OnHold);
    }

    [Fact]
    public void Session_level_direction_and_what_we_want_both_narrow()
    {
        var offer = Parse("a=sendonly\r\nm=audio 4000 RTP/AVP 8\r\n");
        Assert.Equal(MediaDirection.RecvOnly, OfferAnswer.Answer(offer, Ours, AudioCodec.All).Agreement!.Direction);
        Assert.Equal(MediaDirection.Inactive, OfferAnswer.Answer(offer, Ours, AudioCodec.All, MediaDirection.SendOnly).Agreement!.Direction);
    }

    [Fact]
    public void Rtcp_goes_where_the_peer_says()
    {
        Assert.Equal(4000, Answer("m=audio 4000 RTP/AVP 8\r\na=rtcp-mux\r\n").Agreement!.RemoteRtcpPort);
        Assert.True(Answer("m=audio 4000 RTP/AVP 8\r\na=rtcp-mux\r\n").Answer!.Media[0].RtcpMux);
        Assert.Equal(4777, Answer("m=audio 4000 RTP/AVP 8\r\na=rtcp:4777\r\n").Agreement!.RemoteRtcpPort);
        Assert.False(Answer("m=audio 4000 RTP/AVP 8\r\n").Answer!.Media[0].RtcpMux);
    }

    [Fact]
    public void Offer_numbers_codecs_and_gives_telephone_event_its_usual_one()
    {
        var offer = OfferAnswer.Offer(Ours, [AudioCodec.Opus, AudioCodec.G722, AudioCodec.Pcma, AudioCodec.TelephoneEvent48, AudioCodec.TelephoneEvent]);
        Assert.Equal(["96", "9", "8", "97", "101"], offer.Media[0].Formats);
        Assert.Equal(new RtpMap(96, "opus", 48000, 2), offer.Media[0].Map(96));
        Assert.Equal(MediaDirection.SendRecv, offer.Media[0].Direction);
    }

    [Fact]
    public void Two_of_us_agree_and_hold_the_same_view()
    {
        var offer = OfferAnswer.Offer(Ours, [AudioCodec.Pcma, AudioCodec.Pcmu, AudioCodec.TelephoneEvent]);
        var answered = OfferAnswer.Answer(offer, new LocalAudio(IPAddress.Parse("192.0.2.9"), 30000, 1), AudioCodec.Telephony);
        var accepted = OfferAnswer.Accept(offer, answered.Answer!);

        Assert.Equal(OfferVerdict.Ok, accepted.Verdict);
        Assert.Equal(answered.Agreement!.Codecs.Select(c => c.ReceivePayloadType), accepted.Agreement!.Codecs.Select(c => c.SendPayloadType));
        Assert.Equal((IPAddress.Parse("192.0.2.9"), 30000), (accepted.Agreement.RemoteAddress, accepted.Agreement.RemotePort));
    }

    [Fact]
    public void Answer_with_its_own_numbers_is_mapped_both_ways()
    {
        var offer = OfferAnswer.Offer(Ours, [AudioCodec.Opus, AudioCodec.TelephoneEvent]);
        var accepted = OfferAnswer.Accept(offer, Parse("m=audio 4000 RTP/AVP 111 100\r\na=rtpmap:111 OPUS/48000/2\r\na=rtpmap:100 telephone-event/8000\r\n"));

        Assert.Equal(
            [("opus", 96, 111), ("telephone-event", 101, 100)],
            accepted.Agreement!.Codecs.Select(c => (c.Codec.Name, (int)c.ReceivePayloadType, (int)c.SendPayloadType)));
    }

    [Theory]
    [InlineData("m=audio 0 RTP/AVP 8\r\n", OfferVerdict.Rejected)]
    [InlineData("m=video 4000 RTP/AVP 8\r\n", OfferVerdict.Mismatch)]
    [InlineData("", OfferVerdict.Mismatch)]
    [InlineData("m=audio 4000 RTP/AVP 8\r\nm=audio 4002 RTP/AVP 8\r\n", OfferVerdict.Mismatch)]
    [InlineData("m=audio 4000 RTP/SAVP 8\r\n", OfferVerdict.NoKeys)]
    [InlineData("m=audio 4000 RTP/AVP 9\r\n", OfferVerdict.NoCommonCodec)]
    public void Answer_we_cannot_use_says_why(string media, OfferVerdict verdict)
    {
        var offer = OfferAnswer.Offer(Ours, AudioCodec.Telephony);
        Assert.Equal(verdict, OfferAnswer.Accept(offer, Parse(media)).Verdict);
    }

    [Fact]
    public void Held_answer_leaves_us_silent()
    {
        var offer = OfferAnswer.Offer(Ours, AudioCodec.Telephony);
        var accepted = OfferAnswer.Accept(offer, Parse("m=audio 4000 RTP/AVP 8\r\na=sendonly\r\n"));
        Assert.Equal(MediaDirection.RecvOnly, accepted.Agreement!.Direction);
    }

    [Fact]
    public void Only_common_codecs_are_chosen_in_the_first_ones_order()
    {
        var common = CodecChoice.Common(
            [AudioCodec.Opus, AudioCodec.Pcma, AudioCodec.G722], [AudioCodec.G722, new AudioCodec("pcma", 8000), AudioCodec.Pcmu]);
        Assert.Equal([AudioCodec.Pcma, AudioCodec.G722], common);
    }

    [Fact]
    public void Legs_can_be_bridged_by_a_shared_codec_or_by_the_two_laws_of_G711()
    {
        Assert.True(CodecChoice.CanBridge([AudioCodec.Opus], [AudioCodec.Opus]));
        Assert.True(CodecChoice.CanBridge([AudioCodec.Pcma], [AudioCodec.Pcmu]));
        Assert.False(CodecChoice.CanBridge([AudioCodec.Opus, AudioCodec.TelephoneEvent], [AudioCodec.G722, AudioCodec.TelephoneEvent]));
    }

    private static AnswerResult Answer(string media) => OfferAnswer.Answer(Parse(media), Ours, AudioCodec.All);

    private static SessionDescription Parse(string rest)
    {
        var text = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n" + rest;
        Assert.Equal(SdpVerdict.Ok, SessionDescription.TryParse(Encoding.UTF8.GetBytes(text), out var description));
        return description!;
    }
}
