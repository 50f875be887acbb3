using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Parsing;

namespace ClickToDial.Sip.Tests.Messages;

public sealed class HeaderTests
{
    [Theory]
    [InlineData("v", HeaderName.Via)]
    [InlineData("F", HeaderName.From)]
    [InlineData("call-id", HeaderName.CallId)]
    [InlineData("WWW-AUTHENTICATE", HeaderName.WwwAuthenticate)]
    [InlineData("p-asserted-identity", HeaderName.PAssertedIdentity)]
    [InlineData("Min-SE", HeaderName.MinSE)]
    [InlineData("X-Mine", HeaderName.Other)]
    [InlineData("z", HeaderName.Other)]
    [InlineData("", HeaderName.Other)]
    public void Names_are_found_in_any_case_and_form(string text, HeaderName name) => Assert.Equal(name, HeaderNames.Find(text));

    [Fact]
    public void Every_known_name_finds_itself()
    {
        foreach (var name in Enum.GetValues<HeaderName>())
            if (name != HeaderName.Other) Assert.Equal(name, HeaderNames.Find(HeaderNames.Text(name)));
    }

    [Fact]
    public void Lists_are_split_only_at_their_own_commas()
    {
        var headers = new SipHeaders()
            .Add(HeaderName.Contact, "\"a, b\" <sip:x@y;p=1>, <sip:q,r@s>;note=\"1,2\"").Add(HeaderName.Contact, " , <sip:z@z>");

        Assert.Equal(["\"a, b\" <sip:x@y;p=1>", "<sip:q,r@s>;note=\"1,2\"", "<sip:z@z>"], headers.GetList(HeaderName.Contact));
    }

    [Fact]
    public void Order_and_number_survive_changes()
    {
        var headers = new SipHeaders().Add(HeaderName.Via, "1").Add("X-A", "2").Add(HeaderName.Via, "3");
        headers.Prepend(HeaderName.Via, "0").Set(HeaderName.Subject, "s").Set(HeaderName.Subject, "t");
        Assert.Equal(["0", "1", "3"], headers.GetAll(HeaderName.Via));
        headers.Set(HeaderName.Via, "9");

        Assert.Equal(["Via", "X-A", "Subject"], headers.Enumerate().Select(h => h.Key));
        Assert.Equal("t", headers.Get("s"));
    }

    [Theory]
    [InlineData("\"J \\\"Q\\\" \\\\\" <sip:a@b>;tag=x", "J \"Q\" \\", "x")]
    [InlineData("Anna Lena <sip:a@b>", "Anna Lena", null)]
    [InlineData("\u738b <sip:a@b>;tag=1", "\u738b", "1")]
    [InlineData("sip:a@b;tag=y", null, "y")]
    [InlineData("\"\" <sip:a@b>", null, null)]
    public void Names_and_addresses(string text, string? name, string? tag)
    {
        var address = NameAddress.Parse(text);
        Assert.Equal((name, tag), (address.DisplayName, address.Tag));
    }

    [Theory]
    [InlineData("\"open <sip:a@b>")]
    [InlineData("a, b <sip:a@b>")]
    [InlineData("<sip:a@b")]
    [InlineData("< sip:a@b >")]
    [InlineData("sip:a@b?x=y")]
    [InlineData("<sip:a@b>;tag=1;tag=2")]
    [InlineData("<sip:a@b> junk")]
    [InlineData("")]
    public void Refused_addresses(string text) => Assert.False(NameAddress.TryParse(text, out _));

    [Fact]
    public void Expires_beyond_measure_counts_as_an_hour()
    {
        var request = new SipRequest(SipMethod.Register, SipUri.Parse("sip:h"));
        Assert.Null(request.Expires);
        request.Headers.Set(HeaderName.Expires, "99999999999999");
        Assert.Equal(3600u, request.Expires);
        request.Headers.Set(HeaderName.Expires, "60");
        Assert.Equal(60u, request.Expires);
    }

    [Fact]
    public void Too_many_headers_and_too_long_lines_are_defects()
    {
        const string start = "OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\n";
        Assert.Equal(MessageDefect.TooManyHeaders, Defect(start + string.Concat(Enumerable.Repeat("X: y\r\n", 200)) + "\r\n"));
        Assert.Equal(MessageDefect.TooLong, Defect(start + "X: " + new string('y', 9000) + "\r\n\r\n"));
        Assert.Equal(MessageDefect.TooLong, Defect(start + "X: y\r\n" + string.Concat(Enumerable.Repeat(" folded\r\n", 2000)) + "\r\n"));
        Assert.Equal(MessageDefect.Truncated, Defect(start));
        Assert.Equal(MessageDefect.HeaderLine, Defect(start + "no colon\r\n\r\n"));
        Assert.Equal(MessageDefect.HeaderLine, Defect(start + "X: a\nInjected: b\r\n\r\n"));
        Assert.Equal(MessageDefect.HeaderLine, Defect(start + "X: a\0b\r\n\r\n"));
        Assert.Equal(MessageDefect.None, Defect(start + "\r\n"));
    }

    private static MessageDefect Defect(string text)
    {
        Assert.Equal(ParseVerdict.Message, MessageParser.ParseDatagram(System.Text.Encoding.UTF8.GetBytes(text), SipLimits.Default, out var message));
        return message!.Defect;
    }
}
