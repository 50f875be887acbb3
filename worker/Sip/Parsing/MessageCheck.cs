using ClickToDial.Sip.Messages;

namespace ClickToDial.Sip.Parsing;

/// <summary>
/// What every message must have before anything else looks at it (RFC 3261 section 8.1.1): the five headers, well formed;
/// single headers single; numbers in range. The first defect found is kept.
/// </summary>
internal static class MessageCheck
{
    private static readonly HeaderName[] SingleHeaders =
    [
        HeaderName.From, HeaderName.To, HeaderName.CallId, HeaderName.CSeq,
        HeaderName.MaxForwards, HeaderName.ContentLength, HeaderName.ContentType,
    ];

    public static void Run(SipMessage message, out int contentLength)
    {
        var defect = Find(message, out contentLength);
        if (defect != MessageDefect.None) MessageParser.Mark(message, defect);
    }

    private static MessageDefect Find(SipMessage message, out int contentLength)
    {
        var headers = message.Headers;
        if (!TryContentLength(headers, out contentLength)) return MessageDefect.ContentLength;
        foreach (var name in SingleHeaders)
            if (headers.CountOf(name) > 1) return MessageDefect.RepeatedHeader;
        if (HeaderReader.TopVia(headers) is not { Version: "2.0" }) return MessageDefect.Via;
        if (!IsCallId(headers)) return MessageDefect.CallId;
        if (!HeaderReader.TryCSeq(headers, out var cseq)) return MessageDefect.CSeq;
        if (!IsAddress(headers, HeaderName.From)) return MessageDefect.From;
        if (!IsAddress(headers, HeaderName.To)) return MessageDefect.To;
        return message is SipRequest request ? FindInRequest(request, cseq) : MessageDefect.None;
    }

    private static MessageDefect FindInRequest(SipRequest request, CSeq cseq)
    {
        if (cseq.Method != request.Method) return MessageDefect.CSeqMethod;
        if (request.MaxForwards < 0) return MessageDefect.MaxForwards;
        return request.Headers.Contains(HeaderName.Contact) && request.Contacts is null ? MessageDefect.Contact : MessageDefect.None;
    }

    // A tag without a value names no dialog, and a second tag may not be put beside it.
    private static bool IsAddress(SipHeaders headers, HeaderName name) =>
        HeaderReader.Address(headers, name) is { } address && (!address.Parameters.Has("tag") || !string.IsNullOrEmpty(address.Tag));

    private static bool IsCallId(SipHeaders headers)
    {
        var index = headers.IndexOf(HeaderName.CallId);
        return index >= 0 && Grammar.IsCallId(headers.FieldAt(index).Bytes);
    }

    private static bool TryContentLength(SipHeaders headers, out int length)
    {
        length = -1;
        var index = headers.IndexOf(HeaderName.ContentLength);
        if (index < 0) return true;
        if (!Grammar.TryNumber(headers.FieldAt(index).Bytes, int.MaxValue, out var value)) return false;
        length = (int)value;
        return true;
    }
}
