using System.Net;
using System.Text;
using ClickToDial.Calls.Edge;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Parsing;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Fuzz.Targets;

/// <summary>A frame between two workers is read or refused; a message in it, marked for a phone or by one, stays one message.</summary>
public sealed class EdgeFrameTarget : IFuzzTarget
{
    private const string Other = "0123456789abcdef";

    private static readonly SipUri Contact = SipUri.Parse("sip:192.0.2.1;transport=tcp");

    public string Name => "edge-frame";

    public IEnumerable<string> Seeds =>
    [
        Frame($"BYE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP c;branch=z9hG4bKx\r\nRoute: <sip:edge-{Other}@d;lr>,\r\n <sip:e;lr>\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: 1\r\nCSeq: 2 BYE\r\n\r\n"),
        Frame($"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP c;branch=z9hG4bK-edge-{Other}-x, SIP/2.0/UDP e;branch=z9hG4bKx\r\nRecord-Route: <sip:edge-{Other}@d;lr>,\r\n <sip:e;lr>\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: 1\r\nCSeq: 2 INVITE\r\n\r\n"),
        Frame("INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP c;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 2 INVITE\r\n\r\n"),
    ];

    public IEnumerable<string> Words => ["edge-", $"z9hG4bK-edge-{Other}-", "Route:", "Record-Route:", "Via:", "\r\n ", ",", ";lr", "<sip:", ";tag=2", "Max-Forwards: 0\r\n"];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!EdgeFrame.TryRead(input, "edge", out var kind, out var flow, out var rest)) return;
        Promise.That(EdgeFrame.Write(kind, flow, rest).AsSpan().SequenceEqual(input), "a frame that was read is written as it was");
        if (MessageParser.ParseDatagram(rest, SipLimits.Default, out var message) != ParseVerdict.Message) return;
        if (EdgeMarks.ReaderOf(message!) is { } reader)
        {
            Promise.That(EdgeMarks.IsName(reader), "a reader is a name");
            EdgeMarks.Unmark(message!);
            StaysOne(message!);
        }
        else if (message!.Defect == MessageDefect.None && EdgeMarks.TryMark(message, Other, flow, Contact)) StaysOne(message);
    }

    private static void StaysOne(SipMessage message)
    {
        var written = MessageWriter.ToArray(message);
        var verdict = MessageParser.ParseDatagram(written, SipLimits.Default with { MaxMessageBytes = 1 << 20, MaxHeadBytes = 1 << 20, MaxLineBytes = 1 << 20, MaxHeaders = 1 << 16 }, out var again);
        // The last Via of a response may have been ours: nobody could use what is left, and it is dropped.
        if (!message.Headers.Contains(HeaderName.Via)) return;
        Promise.That(verdict == ParseVerdict.Garbage || again!.Headers.Count >= message.Headers.Count, "nothing is lost");
        Promise.That(again is null || again.CallId == message.CallId, "it is the same call");
    }

    private static string Frame(string message) => Encoding.Latin1.GetString(EdgeFrame.Write(
        EdgeFrameKind.Message, new SipFlow(SipTransportKind.Tcp, new IPEndPoint(new IPAddress([10, 0, 0, 4]), 0x1234)), Encoding.Latin1.GetBytes(message)));
}
