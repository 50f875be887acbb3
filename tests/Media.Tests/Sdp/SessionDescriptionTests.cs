using System.Text;
using ClickToDial.Media.Sdp;
using FsCheck;
using FsCheck.Fluent;

namespace ClickToDial.Media.Tests.Sdp;

public sealed class SessionDescriptionTests
{
    private const string Typical =
        "v=0\r\no=alice 2890844526 2890844527 IN IP4 host.example\r\ns=A call\r\ni=words\r\nc=IN IP4 192.0.2.1\r\nb=AS:64\r\nt=0 0\r\n" +
        "a=tool:phone\r\nm=audio 49170 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:30\r\n" +
        "a=rtcp:53020\r\na=sendonly\r\nm=video 0 RTP/AVP 96\r\nc=IN IP6 2001:db8::1\r\na=rtpmap:96 H264/90000\r\n";

    [Fact]
    public void Typical_offer_is_understood()
    {
        var description = Parse(Typical);

        Assert.Equal(new SdpOrigin("alice", 2890844526, 2890844527, "host.example"), description.Origin);
        Assert.Equal("A call", description.SessionName);
        Assert.Equal("192.0.2.1", description.Connection?.Address);
        Assert.Equal([new SdpAttributeLine("tool", "phone")], description.Attributes);
        var audio = description.Media[0];
        Assert.Equal(("audio", 49170, "RTP/AVP"), (audio.Kind, audio.Port, audio.Protocol));
        Assert.Equal<byte>([8, 0, 101], audio.PayloadTypes());
        Assert.Equal(new RtpMap(101, "telephone-event", 8000, 1), audio.Map(101));
        Assert.Equal(new RtpMap(8, "PCMA", 8000, 1), audio.Map(8));
        Assert.Null(audio.Map(97));
        Assert.Equal("0-15", audio.FormatParameters(101));
        Assert.Equal((30, 53020, MediaDirection.SendOnly), (audio.PacketTime, audio.RtcpPort, audio.Direction));
        Assert.False(audio.RtcpMux);
        Assert.Equal("2001:db8::1", description.Media[1].Connection?.Address);
    }

    [Fact]
    public void Bare_line_feeds_and_a_missing_last_one_are_taken()
    {
        Assert.Equal(2, Parse(Typical.Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd()).Media.Count);
    }

    [Theory]
    [InlineData("", SdpVerdict.BadVersion)]
    [InlineData("v=0\r\n", SdpVerdict.BadVersion)]
    [InlineData("v=1\r\no=- 1 1 IN IP4 a\r\n", SdpVerdict.BadVersion)]
    [InlineData("o=- 1 1 IN IP4 a\r\n", SdpVerdict.BadVersion)]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\nv=0\r\n", SdpVerdict.BadVersion)]
    [InlineData("v=0\r\no=- 1 1 IN IP4\r\n", SdpVerdict.BadOrigin)]
    [InlineData("v=0\r\no=- x 1 IN IP4 a\r\n", SdpVerdict.BadOrigin)]
    [InlineData("v=0\r\no=- 1 -1 IN IP4 a\r\n", SdpVerdict.BadOrigin)]
    [InlineData("v=0\r\no=- 1 1 XX IP4 a\r\n", SdpVerdict.BadOrigin)]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a more\r\n", SdpVerdict.BadOrigin)]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\no=- 1 1 IN IP4 a\r\n", SdpVerdict.BadOrigin)]
    [InlineData("v=0\r\nm=audio 1 RTP/AVP 0\r\n", SdpVerdict.BadOrigin)]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\nc=IN IP4\r\n", SdpVerdict.BadConnection)]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\nc=IN IP5 a\r\n", SdpVerdict.BadConnection)]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\nm=audio\r\n", SdpVerdict.BadMedia)]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\nm=audio 1 RTP/AVP\r\n", SdpVerdict.BadMedia)]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\nm=audio 65536 RTP/AVP 0\r\n", SdpVerdict.BadMedia)]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\nm=audio -1 RTP/AVP 0\r\n", SdpVerdict.BadMedia)]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\nhello\r\n", SdpVerdict.BadLine)]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\nA=x\r\n", SdpVerdict.BadLine)]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\na=\r\n", SdpVerdict.BadLine)]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\n\r\nt=0 0\r\n", SdpVerdict.BadLine)]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\ns=a\0b\r\n", SdpVerdict.BadLine)]
    public void Malformed_description_gets_its_verdict(string text, SdpVerdict verdict)
    {
        Assert.Equal(verdict, SessionDescription.TryParse(Encoding.UTF8.GetBytes(text), out var description));
        Assert.Null(description);
    }

    [Fact]
    public void Limits_hold_as_lines_arrive()
    {
        const string head = "v=0\r\no=- 1 1 IN IP4 a\r\n";
        var limits = new SdpLimits(Bytes: 400, Lines: 8, Media: 2, Formats: 3);

        Assert.Equal(SdpVerdict.TooLarge, Verdict(head + "s=" + new string('x', 400) + "\r\n", limits));
        Assert.Equal(SdpVerdict.TooLarge, Verdict(head + string.Concat(Enumerable.Repeat("a=x\r\n", 7)), limits));
        Assert.Equal(SdpVerdict.TooLarge, Verdict(head + string.Concat(Enumerable.Repeat("m=audio 1 RTP/AVP 0\r\n", 3)), limits));
        Assert.Equal(SdpVerdict.TooLarge, Verdict(head + "m=audio 1 RTP/AVP 0 1 2 3\r\n", limits));
        Assert.Equal(SdpVerdict.Ok, Verdict(head + "m=audio 1 RTP/AVP 0 1 2\r\n", limits));
    }

    [Fact]
    public void Session_id_beyond_64_bits_is_still_a_description() =>
        Assert.Equal(ulong.MaxValue, Parse("v=0\r\no=- 99999999999999999999999 1 IN IP4 a\r\n").Origin.SessionId);

    [Theory]
    [InlineData("PCMA")]
    [InlineData("8 PCMA")]
    [InlineData("8 PCMA/")]
    [InlineData("8 PCMA/x")]
    [InlineData("8 PCMA/8000/0")]
    [InlineData("128 PCMA/8000")]
    [InlineData("-8 PCMA/8000")]
    [InlineData("8 PCMA/99999999999")]
    public void Malformed_rtpmap_maps_nothing(string value)
    {
        var media = new MediaDescription("audio", 1, "RTP/AVP", ["97"], null, [new SdpAttributeLine("rtpmap", value)]);
        Assert.Null(media.Map(97));
        Assert.Equal("PCMA", media.Map(8)?.EncodingName); // the static table stays
    }

    [Fact]
    public void Value_with_line_ends_cannot_add_a_line()
    {
        var description = Parse(Typical) with { SessionName = "x\r\nm=audio 9 RTP/AVP 0\0" };
        Assert.Equal(2, Parse(description.ToString()).Media.Count);
    }

    [Fact]
    public void Whatever_is_written_reads_back_the_same()
    {
        Prop.ForAll(Descriptions().ToArbitrary(), description =>
        {
            var text = description.ToString();
            return Parse(text).ToString() == text;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void No_bytes_make_the_reader_throw()
    {
        // Real lines with random damage reach deeper than random bytes do.
        var damaged = from position in Gen.Choose(0, Typical.Length - 1)
                      from length in Gen.Choose(0, 12)
                      from bytes in Gen.ArrayOf(Gen.Choose(0, 255).Select(b => (byte)b))
                      select Damage(position, length, bytes);
        Prop.ForAll(damaged.ToArbitrary(), bytes =>
        {
            var verdict = SessionDescription.TryParse(bytes, out var description);
            if (description is not null) Touch(description);
            return (verdict == SdpVerdict.Ok) == (description is not null);
        }).QuickCheckThrowOnFailure();
    }

    private static byte[] Damage(int position, int length, byte[] bytes)
    {
        var text = Encoding.UTF8.GetBytes(Typical);
        return [.. text[..position], .. bytes, .. text[Math.Min(text.Length, position + length)..]];
    }

    private static void Touch(SessionDescription description)
    {
        _ = description.Direction;
        foreach (var media in description.Media)
        {
            _ = (media.Direction, media.PacketTime, media.RtcpPort, media.Connection?.Literal);
            foreach (var number in media.PayloadTypes()) _ = (media.Map(number), media.FormatParameters(number));
        }
    }

    private static Gen<SessionDescription> Descriptions()
    {
        var token = Gen.Elements("x", "ptime", "rtpmap", "candidate", "tool", "fmtp");
        var value = Gen.Elements(null, "", "0 PCMU/8000", "a b c", "101 0-15,66", "ünïcode");
        var attributes = from name in token from text in value select new SdpAttributeLine(name, text);
        var lines = Gen.ListOf(attributes).Select(list => (IReadOnlyList<SdpAttributeLine>)[.. list]);
        var connection = Gen.Elements(null, new SdpConnection("192.0.2.7"), new SdpConnection("2001:db8::7"), new SdpConnection("host.example"));
        var media = from kind in Gen.Elements("audio", "video", "image")
                    from port in Gen.Choose(0, 65535)
                    from formats in Gen.NonEmptyListOf(Gen.Choose(0, 127))
                    from c in connection
                    from a in lines
                    select new MediaDescription(kind, port, "RTP/AVP", [.. formats.Take(60).Select(f => $"{f}")], c, a);
        return from id in Gen.Choose(0, int.MaxValue)
               from c in connection
               from a in lines
               from m in Gen.ListOf(media)
               select new SessionDescription(new SdpOrigin("-", (ulong)id, 1, "192.0.2.1"), c, [.. a.Take(100)], [.. m.Take(3)]);
    }

    private static SessionDescription Parse(string text)
    {
        Assert.Equal(SdpVerdict.Ok, SessionDescription.TryParse(Encoding.UTF8.GetBytes(text), out var description, new SdpLimits(1 << 20, 4000)));
        return description!;
    }

    private static SdpVerdict Verdict(string text, SdpLimits limits) => SessionDescription.TryParse(Encoding.UTF8.GetBytes(text), out _, limits);
}
