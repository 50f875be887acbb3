using ClickToDial.Sip.Messages;

namespace ClickToDial.Sip.Tests.Messages;

/// <summary>Session-Expires, Min-SE, RAck, RSeq and Reason.</summary>
public sealed class DialogHeaderTests
{
    [Theory]
    [InlineData("1800", 1800u, null)]
    [InlineData(" 90 ; refresher = UAS ;x=1", 90u, SessionRefresher.Uas)]
    [InlineData("4000;refresher=uac", 4000u, SessionRefresher.Uac)]
    [InlineData("4000;refresher=both", 4000u, null)]
    public void Session_expires_is_read(string text, uint seconds, SessionRefresher? refresher)
    {
        Assert.True(SessionExpires.TryRead(new SipHeaders().Add(HeaderName.SessionExpires, text), out var value));
        Assert.Equal(new SessionExpires(seconds, refresher), value);
        Assert.True(SessionExpires.TryRead(new SipHeaders().Add("x", value.ToString()), out var again));
        Assert.Equal(value, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("-1")]
    [InlineData("4294967296")]
    [InlineData("90;refresher=uac;refresher=uas")]
    public void Malformed_session_expires_counts_as_none(string text) =>
        Assert.False(SessionExpires.TryRead(new SipHeaders().Add(HeaderName.SessionExpires, text), out _));

    [Fact]
    public void Minimum_is_read() =>
        Assert.Equal((120u, (uint?)null), (SessionExpires.ReadMinimum(new SipHeaders().Add(HeaderName.MinSE, "120;a=b"))!.Value, SessionExpires.ReadMinimum(new SipHeaders())));

    [Fact]
    public void Reliable_ack_is_read()
    {
        Assert.True(ReliableAck.TryRead(new SipHeaders().Add(HeaderName.RAck, "776656 \t1 INVITE"), out var ack));
        Assert.Equal(new ReliableAck(776656, new CSeq(1, SipMethod.Invite)), ack);
        Assert.Equal("776656 1 INVITE", ack.ToString());
    }

    [Theory]
    [InlineData("776656 INVITE")]
    [InlineData("776656 1")]
    [InlineData("x 1 INVITE")]
    [InlineData("1 2147483648 INVITE")]
    [InlineData("1 1 INV ITE")]
    public void Malformed_reliable_ack_counts_as_none(string text) =>
        Assert.False(ReliableAck.TryRead(new SipHeaders().Add(HeaderName.RAck, text), out _));

    [Theory]
    [InlineData("1", 1u)]
    [InlineData("4294967295", 4294967295u)]
    [InlineData("0", null)]
    [InlineData("4294967296", null)]
    [InlineData("a", null)]
    public void Response_sequence_is_read(string text, uint? value) =>
        Assert.Equal(value, ReliableAck.ReadSequence(new SipHeaders().Add(HeaderName.RSeq, text)));

    [Fact]
    public void Reasons_are_read_in_order_and_those_that_make_no_sense_are_passed_over()
    {
        var headers = new SipHeaders()
            .Add(HeaderName.Reason, "SIP ;cause=200 ;text=\"Call completed, elsewhere\", ;;, Q.850;cause=16")
            .Add(HeaderName.Reason, "X.1;cause=1000");
        Assert.Equal(
            [new("SIP", 200, "Call completed, elsewhere"), new("Q.850", 16, null), new("X.1", null, null)], ReasonValue.ReadAll(headers));
        Assert.Equal((16, 200, (int?)null), (ReasonValue.CauseOf(headers, "q.850")!.Value, ReasonValue.CauseOf(headers, "SIP")!.Value, ReasonValue.CauseOf(headers, "X.1")));
    }

    [Fact]
    public void Reason_is_written() => Assert.Equal("Q.850;cause=17;text=\"a \\\"b\\\"\"", new ReasonValue("Q.850", 17, "a \"b\"").ToString());
}
