using System.Net;
using System.Text;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Parsing;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Sip.Tests.Endpoint;

/// <summary>What is written into messages between a phone and another server, and taken off again.</summary>
public sealed class EdgeMarksTests
{
    private const string Other = "0123456789abcdef";

    private static readonly SipUri Contact = SipUri.Parse("sip:192.0.2.1:5061;transport=tls");
    private static readonly SipFlow Flow = new(SipTransportKind.Tls, IPEndPoint.Parse("198.51.100.7:40000"));

    [Fact(DisplayName = "RFC 3261 16.11: the branch is the same for an INVITE, its repetition and its CANCEL, and names the other server")]
    public void A_branch_follows_from_the_one_before()
    {
        var (invite, again, cancel) = (Request("INVITE"), Request("INVITE"), Request("CANCEL"));
        foreach (var request in new[] { invite, again, cancel }) Assert.True(EdgeMarks.TryMark(request, Other, Flow, Contact));
        Assert.Equal($"SIP/2.0/TLS 192.0.2.1:5061;branch=z9hG4bK-edge-{Other}-abc;rport", invite.TopVia.ToString());
        Assert.Equal(invite.TopVia.Branch, again.TopVia.Branch);
        Assert.Equal(invite.TopVia.Branch, cancel.TopVia.Branch);
        Assert.Equal(69, invite.MaxForwards);
        Assert.Equal([$"<sip:edge-{Other}@192.0.2.1:5061;transport=tls;lr>", "<sip:proxy.example;lr>"], invite.Headers.GetList(HeaderName.RecordRoute));
    }

    [Fact]
    public void A_response_loses_what_was_added_and_nothing_else()
    {
        var invite = Request("INVITE");
        Assert.True(EdgeMarks.TryMark(invite, Other, Flow, Contact));
        var routes = string.Join(", ", invite.Headers.GetList(HeaderName.RecordRoute));
        var response = (SipResponse)Parse(
            $"SIP/2.0 200 OK\r\nVia: {string.Join(", ", invite.Headers.GetList(HeaderName.Via))}\r\nRecord-Route: {routes}\r\n{Dialog(";tag=b")}CSeq: 1 INVITE\r\n\r\n");
        Assert.Equal(Other, EdgeMarks.ReaderOf(response));
        EdgeMarks.Unmark(response);
        Assert.Equal(["SIP/2.0/UDP 10.0.0.5:5060;branch=z9hG4bKabc;rport"], response.Headers.GetList(HeaderName.Via));
        Assert.Equal(["<sip:proxy.example;lr>"], response.Headers.GetList(HeaderName.RecordRoute));
        Assert.Null(EdgeMarks.ReaderOf(response));
    }

    [Fact]
    public void A_request_of_the_phone_loses_our_route_only()
    {
        var bye = (SipRequest)Parse(
            $"BYE sip:102@10.0.0.5 SIP/2.0\r\nVia: SIP/2.0/TLS phone.invalid;branch=z9hG4bKx\r\nRoute: <sip:edge-{Other}@192.0.2.1:5061;transport=tls;lr>, <sip:proxy.example;lr>\r\n{Dialog(";tag=b")}CSeq: 2 BYE\r\n\r\n");
        Assert.Equal(Other, EdgeMarks.ReaderOf(bye));
        EdgeMarks.Unmark(bye);
        Assert.Equal(["<sip:proxy.example;lr>"], bye.Headers.GetList(HeaderName.Route));
    }

    [Fact(DisplayName = "A request within a dialog adds no route; what has no hops left, or no branch of today's, goes nowhere")]
    public void Requests_that_are_not_new()
    {
        var within = Request("BYE", tag: ";tag=b");
        Assert.True(EdgeMarks.TryMark(within, Other, Flow, Contact));
        Assert.Single(within.Headers.GetList(HeaderName.RecordRoute));
        var spent = Request("INVITE");
        spent.MaxForwards = 0;
        Assert.False(EdgeMarks.TryMark(spent, Other, Flow, Contact));
        Assert.False(EdgeMarks.TryMark(Request("INVITE", branch: "1"), Other, Flow, Contact));
    }

    [Theory]
    [InlineData("Route: <sip:edge-0123456789abcdef@192.0.2.1;lr>\r\n", "", null)] // A new call: whoever made up the route is asked who he is.
    [InlineData("Route: <sip:edge-@192.0.2.1;lr>\r\n", ";tag=b", null)]
    [InlineData("Route: <sip:edge-a%20b@192.0.2.1;lr>\r\n", ";tag=b", null)]
    [InlineData("Route: <sip:proxy.example;lr>, <sip:edge-0123456789abcdef@192.0.2.1;lr>\r\n", ";tag=b", null)]
    [InlineData("Route: <sip:edge-0123456789abcdef@192.0.2.1;lr>\r\n", ";tag=b", Other)]
    [InlineData("", ";tag=b", null)]
    public void Only_our_own_route_of_a_dialog_names_a_reader(string route, string tag, string? reader) =>
        Assert.Equal(reader, EdgeMarks.ReaderOf(Parse($"BYE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP c;branch=z9hG4bKx\r\n{route}{Dialog(tag)}CSeq: 2 BYE\r\n\r\n")));

    private static SipRequest Request(string method, string tag = "", string branch = "z9hG4bKabc") => (SipRequest)Parse(
        $"{method} sip:101@198.51.100.7 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.5:5060;branch={branch};rport\r\nMax-Forwards: 70\r\nRecord-Route: <sip:proxy.example;lr>\r\n{Dialog(tag)}CSeq: 1 {method}\r\n\r\n");

    private static string Dialog(string tag) => $"From: <sip:102@a>;tag=a\r\nTo: <sip:101@a>{tag}\r\nCall-ID: c1\r\n";

    private static SipMessage Parse(string text)
    {
        Assert.Equal(ParseVerdict.Message, MessageParser.ParseDatagram(Encoding.UTF8.GetBytes(text), SipLimits.Default, out var message));
        Assert.Equal(MessageDefect.None, message!.Defect);
        return message;
    }
}
