using System.Net;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Parsing;
using ClickToDial.Sip.Transactions;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Fuzz.Targets;

/// <summary>
/// Parses a datagram, touches every decoded value, and, for what has no defect: writes it, reads it again and compares; and
/// makes the keys and the response that the transaction layer would.
/// </summary>
public sealed class SipDatagramTarget : IFuzzTarget
{
    private static readonly SipFlow Flow = new(SipTransportKind.Udp, new IPEndPoint(IPAddress.Parse("198.51.100.7"), 4711));

    public string Name => "sip-datagram";

    public IEnumerable<string> Seeds => [SipWords.Request, SipWords.Response, SipWords.InDialog];

    public IEnumerable<string> Words => SipWords.All;

    public void Run(ReadOnlySpan<byte> input)
    {
        if (MessageParser.ParseDatagram(input, SipLimits.Default, out var message) != ParseVerdict.Message) return;
        Touch(message!);
        if (message is SipRequest request && request.Headers.Contains(HeaderName.Via)) Answer(request);
        if (message!.Defect == MessageDefect.None) RoundTrip(message);
    }

    internal static void Touch(SipMessage message)
    {
        foreach (var (name, value) in message.Headers.Enumerate())
        {
            Promise.That(name.Length > 0, "a header has a name");
            Promise.That(WireText.IsSafe(value), "text from a message may go into a message");
        }
        foreach (var name in Enum.GetValues<HeaderName>()) message.Headers.GetList(name);
        _ = message.Contacts;
        _ = message.Expires;
        _ = message.HasContentType("application/sdp");
        TouchDialogValues(message.Headers);
        if (message.Defect != MessageDefect.None) return;
        _ = (message.From.Uri.User, message.To.Tag, message.CallId, message.CSeq, message.TopVia.ToString());
    }

    // What was read, written again, reads the same.
    private static void TouchDialogValues(SipHeaders headers)
    {
        _ = (SessionExpires.ReadMinimum(headers), ReliableAck.ReadSequence(headers));
        if (SessionExpires.TryRead(headers, out var session))
        {
            var written = new SipHeaders().Add(HeaderName.SessionExpires, session.ToString());
            Promise.That(SessionExpires.TryRead(written, out var again) && again == session, "Session-Expires reads the same again");
        }
        if (ReliableAck.TryRead(headers, out var ack))
        {
            var written = new SipHeaders().Add(HeaderName.RAck, ack.ToString());
            Promise.That(ReliableAck.TryRead(written, out var again) && again == ack, "RAck reads the same again");
        }
        foreach (var reason in ReasonValue.ReadAll(headers))
        {
            if (reason.Text is { } text && !WireText.IsSafe(text)) continue;
            var written = new SipHeaders().Add(HeaderName.Reason, reason.ToString());
            Promise.That(ReasonValue.ReadAll(written) is [var again] && again == reason, "Reason reads the same again");
        }
    }

    private static void Answer(SipRequest request)
    {
        var readable = HeaderReader.TopVia(request.Headers) is not null;
        if (readable) ViaStamp.MarkReceived(request, Flow);
        var response = ResponseFactory.Create(request, 200, null, "our-tag");
        MessageWriter.ToArray(response);
        if (request.Defect != MessageDefect.None) return;
        _ = (ServerKey.Of(request), MergeKey.Of(request), ViaStamp.ResponseFlow(request, Flow, isOpen: true));
        Promise.That(MessageParser.ParseDatagram(MessageWriter.ToArray(response), SipLimits.Default, out var read) == ParseVerdict.Message,
            "the answer to a good request can be read");
        Promise.That(read!.To.Tag is not null, "the answer to a good request has a tag");
    }

    private static void RoundTrip(SipMessage message)
    {
        var bytes = MessageWriter.ToArray(message);
        if (bytes.Length > SipLimits.Default.MaxMessageBytes || bytes.Length - message.Body.Length > SipLimits.Default.MaxHeadBytes) return;
        Promise.That(MessageParser.ParseDatagram(bytes, SipLimits.Default, out var again) == ParseVerdict.Message, "what was written can be read");
        // Compact names grow, and the Content-Length is new: the limits on number and length may say no, nothing else may.
        if (again!.Defect is MessageDefect.TooLong or MessageDefect.TooManyHeaders) return;
        Promise.That(again.Defect == MessageDefect.None, $"what was written has no defect, not {again.Defect}");
        Promise.That(again.Body.Span.SequenceEqual(message.Body.Span), "the body is the same");
        Promise.That(again.CallId == message.CallId && again.CSeq == message.CSeq, "the identity is the same");
        Promise.That(MessageWriter.ToArray(again).AsSpan().SequenceEqual(bytes), "written again it is the same");
    }
}

/// <summary>States what must hold.</summary>
internal static class Promise
{
    public static void That(bool holds, string what)
    {
        if (!holds) throw new InvalidOperationException("Broken promise: " + what);
    }
}
