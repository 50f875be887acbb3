using System.Text;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Parsing;
using FsCheck;
using FsCheck.Fluent;

namespace ClickToDial.Sip.Tests.Parsing;

/// <summary>What is written reads back the same.</summary>
public sealed class RoundTripTests
{
    private static readonly Gen<string> Text = Gen.Elements("abcXYZ019 -_.!~*'()&=+$,;?/%#@<>\"\\:[]\u00e4\u6f22\t".ToCharArray()).ArrayOf().Select(c => new string(c));

    private static readonly Gen<string> Host = Gen.Elements("example.com", "192.0.2.1", "[2001:db8::1]", "a-b.c_d", "x");

    private static readonly Gen<SipParameters> Parameters =
        Gen.Elements<(string, string?)>(("transport", "tcp"), ("lr", null), ("user", "phone"), ("x-y", "%41b"), ("method", "INVITE"), ("maddr", "[::1]"))
            .ListOf().Select(l => l.Aggregate(SipParameters.Empty, (p, v) => p.With(v.Item1, v.Item2)));

    private static readonly Gen<SipUri> Uris =
        from user in Text
        from host in Host
        from port in Gen.Choose(0, 65535)
        from parameters in Parameters
        from secure in Gen.Elements(true, false)
        select SipUri.Create(user.Length == 0 ? null : user, host, port, parameters, secure);

    [Fact]
    public void Any_uri() => Check(Uris, uri =>
    {
        Assert.True(SipUri.TryParse(uri.ToString(), out var read), uri.ToString());
        Assert.Equal(uri, read);
        Assert.Equal(uri.User, read.User);
        Assert.Equal(uri.ToString(), read.ToString());
    });

    [Fact]
    public void Any_display_name_and_tag() => Check(Gen.Zip(Text.Where(t => t.Length > 0 && !t.Contains('\t', StringComparison.Ordinal)), Uris), pair =>
    {
        var address = new NameAddress(pair.Item2, pair.Item1).WithTag("t1");
        Assert.True(NameAddress.TryParse(address.ToString(), out var read), address.ToString());
        Assert.Equal(pair.Item1, read.DisplayName);
        Assert.Equal("t1", read.Tag);
        Assert.Equal(pair.Item2, read.Uri);
    });

    [Fact]
    public void Any_request() => Check(from uri in Uris from name in Text from body in Text select (Item1: uri, Item2: name, Item3: body), parts =>
    {
        var request = new SipRequest(SipMethod.Invite, parts.Item1.ForRequestLine());
        request.Headers.Add(HeaderName.Via, "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKx;rport")
            .Add(HeaderName.From, new NameAddress(parts.Item1, parts.Item2).WithTag("a").ToString())
            .Add(HeaderName.To, new NameAddress(parts.Item1).ToString())
            .Add(HeaderName.CallId, "call@host").Add(HeaderName.CSeq, "7 INVITE")
            .Add("X-Free", parts.Item2).Add(HeaderName.Contact, $"<{parts.Item1}>");
        request.SetBody(Encoding.UTF8.GetBytes(parts.Item3), "text/plain");

        Assert.Equal(ParseVerdict.Message, MessageParser.ParseDatagram(MessageWriter.ToArray(request), SipLimits.Default, out var read));

        Assert.Equal(MessageDefect.None, read!.Defect);
        Assert.Equal(request.Uri, ((SipRequest)read).Uri);
        Assert.Equal(parts.Item3, Encoding.UTF8.GetString(read.Body.Span));
        Assert.Equal(parts.Item2.Trim(' ', '\t'), read.Headers.Get("x-free"));
        Assert.Equal(parts.Item1, read.Contact!.Uri);
        Assert.Equal(new CSeq(7, SipMethod.Invite), read.CSeq);
    });

    [Fact]
    public void No_text_can_smuggle_a_line()
    {
        var request = new SipRequest(SipMethod.Options, SipUri.Parse("sip:a@b"));
        foreach (var evil in new[] { "a\r\nX: y", "a\nb", "a\rb", "a\0b" })
        {
            Assert.Throws<ArgumentException>(() => request.Headers.Add(HeaderName.Subject, evil));
            Assert.Throws<ArgumentException>(() => request.Headers.Add("X-Y", evil));
            Assert.Throws<ArgumentException>(() => request.Headers.Set(HeaderName.CallId, evil));
            Assert.Throws<ArgumentException>(() => request.Headers.Prepend(HeaderName.Via, evil));
            Assert.Throws<ArgumentException>(() => new SipResponse(200, evil));
            Assert.Throws<ArgumentException>(() => new NameAddress(SipUri.Parse("sip:a@b"), evil));
            Assert.Throws<ArgumentException>(() => SipParameters.Empty.With("tag", evil));
            Assert.Throws<ArgumentException>(() => SipUri.Create("u", evil));
            Assert.DoesNotContain('\n', SipUri.Create(evil, "h").ToString());
        }
        Assert.Throws<ArgumentException>(() => request.Headers.Add("X Y", "v"));
        Assert.Throws<ArgumentException>(() => request.Headers.Add("X:", "v"));
    }

    private static void Check<T>(Gen<T> gen, Action<T> body) => Prop.ForAll(gen.ToArbitrary(), body).QuickCheckThrowOnFailure();
}
