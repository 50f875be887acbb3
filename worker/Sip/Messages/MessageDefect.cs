namespace ClickToDial.Sip.Messages;

/// <summary>What is wrong with a received message that could still be read well enough to be answered.</summary>
public enum MessageDefect
{
    None,
    RequestLine,
    RequestUri,
    Version,
    HeaderLine,
    TooManyHeaders,
    TooLong,
    Truncated,
    RepeatedHeader,
    ContentLength,
    Via,
    From,
    To,
    CallId,
    CSeq,
    CSeqMethod,
    MaxForwards,
    Contact,
}

/// <summary>How a defect is answered.</summary>
public static class MessageDefects
{
    /// <summary>Status and reason phrase of the refusal (RFC 3261 sections 8.2 and 21.4.1).</summary>
    public static (int Status, string Reason) Answer(MessageDefect defect) => defect switch
    {
        MessageDefect.RequestLine => (400, "Malformed Request Line"),
        MessageDefect.RequestUri => (400, "Malformed Request-URI"),
        MessageDefect.Version => (505, "Version Not Supported"),
        MessageDefect.HeaderLine => (400, "Malformed Header"),
        MessageDefect.TooManyHeaders => (400, "Too Many Headers"),
        MessageDefect.TooLong => (513, "Message Too Large"),
        MessageDefect.Truncated => (400, "Truncated Message"),
        MessageDefect.RepeatedHeader => (400, "Repeated Header"),
        MessageDefect.ContentLength => (400, "Bad Content-Length"),
        MessageDefect.Via => (400, "Missing or Bad Via"),
        MessageDefect.From => (400, "Missing or Bad From"),
        MessageDefect.To => (400, "Missing or Bad To"),
        MessageDefect.CallId => (400, "Missing or Bad Call-ID"),
        MessageDefect.CSeq => (400, "Missing or Bad CSeq"),
        MessageDefect.CSeqMethod => (400, "CSeq Does Not Match Method"),
        MessageDefect.MaxForwards => (400, "Bad Max-Forwards"),
        MessageDefect.Contact => (400, "Bad Contact"),
        _ => (400, "Bad Request"),
    };
}
