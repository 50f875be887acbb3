using System.Text;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Parsing;
using FsCheck;
using FsCheck.Fluent;

namespace ClickToDial.Sip.Tests.Parsing;

public sealed class StreamFramerTests
{
    private const string Head = "OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\n";

    [Fact]
    public void However_the_stream_is_cut_the_messages_are_the_same()
    {
        var stream = Encoding.UTF8.GetBytes(
            $"\r\n\r\n{Head}Content-Length: 5\r\n\r\nhello{Head}X: a\r\n b\r\nl: 0\r\n\r\n\r\n\r\n{Head}Content-Length: 3\r\n\r\n\r\n\r");
        var whole = Read(stream, [stream.Length]);
        Assert.Equal(["ping", "hello", "", "ping", "\r\n\r"], whole);

        Prop.ForAll(Gen.Choose(1, 40).ListOf().ToArbitrary(), cuts => Assert.Equal(whole, Read(stream, cuts))).QuickCheckThrowOnFailure();
        Assert.Equal(whole, Read(stream, Enumerable.Repeat(1, stream.Length)));
    }

    [Fact]
    public void A_body_too_large_is_refused_before_it_is_buffered()
    {
        using var framer = new StreamFramer(SipLimits.Default);

        Assert.Equal(FrameVerdict.Broken, framer.Push(Encoding.UTF8.GetBytes($"{Head}Content-Length: 70000\r\n\r\n"), out _));

        Assert.Equal(MessageDefect.TooLong, framer.Message!.Defect);
    }

    [Fact]
    public void A_message_without_length_ends_the_stream_with_a_refusal()
    {
        using var framer = new StreamFramer(SipLimits.Default);

        Assert.Equal(FrameVerdict.Broken, framer.Push(Encoding.UTF8.GetBytes($"{Head}\r\n"), out _));

        Assert.Equal(MessageDefect.ContentLength, framer.Message!.Defect);
    }

    [Fact]
    public void An_endless_line_is_cut_off_at_its_limit()
    {
        using var framer = new StreamFramer(SipLimits.Default);
        var bytes = 0;
        var chunk = Encoding.UTF8.GetBytes(new string('a', 100));
        while (framer.Push(chunk, out var consumed) == FrameVerdict.NeedMore) bytes += consumed;

        Assert.InRange(bytes, SipLimits.Default.MaxLineBytes - 200, SipLimits.Default.MaxLineBytes + 2);
    }

    [Fact]
    public void Endless_headers_are_cut_off_at_their_number()
    {
        using var framer = new StreamFramer(SipLimits.Default);
        Assert.Equal(FrameVerdict.NeedMore, framer.Push(Encoding.UTF8.GetBytes(Head), out _));
        var lines = 5;
        while (framer.Push("X: y\r\n"u8, out _) == FrameVerdict.NeedMore) lines++;

        Assert.InRange(lines, SipLimits.Default.MaxHeaders - 1, SipLimits.Default.MaxHeaders + 1);
    }

    [Fact]
    public void What_is_not_SIP_breaks_the_stream_without_an_answer()
    {
        using var framer = new StreamFramer(SipLimits.Default);

        Assert.Equal(FrameVerdict.Broken, framer.Push("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8, out _));

        Assert.Null(framer.Message);
    }

    private static List<string> Read(byte[] stream, IEnumerable<int> cuts)
    {
        using var framer = new StreamFramer(SipLimits.Default);
        var found = new List<string>();
        var at = 0;
        foreach (var cut in cuts.Append(stream.Length))
        {
            var part = stream.AsSpan(at, Math.Min(cut, stream.Length - at));
            at += part.Length;
            while (!part.IsEmpty)
            {
                var verdict = framer.Push(part, out var consumed);
                part = part[consumed..];
                Assert.NotEqual(FrameVerdict.Broken, verdict);
                if (verdict == FrameVerdict.Ping) found.Add("ping");
                if (verdict == FrameVerdict.Message) found.Add(Encoding.UTF8.GetString(framer.Message!.Body.Span));
            }
        }
        Assert.True(framer.IsIdle);
        return found;
    }
}
