using System.Globalization;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Sip.Transactions;

/// <summary>Makes responses from requests, also from defective ones as far as they could be read.</summary>
internal static class ResponseFactory
{
    public static SipResponse Create(SipRequest request, int status, string? reason, string localTag)
    {
        var headers = new SipHeaders(14);
        var from = request.Headers;
        headers.CopyFrom(from, HeaderName.Via);
        headers.CopyFrom(from, HeaderName.From);
        CopyTo(request, headers, status > 100 ? localTag : null);
        headers.CopyFrom(from, HeaderName.CallId);
        headers.CopyFrom(from, HeaderName.CSeq);
        if (status is > 100 and < 300) headers.CopyFrom(from, HeaderName.RecordRoute);
        // RFC 3261 section 8.2.6.1: a Timestamp goes back with the first answer.
        if (status == 100) headers.CopyFrom(from, HeaderName.Timestamp);
        return new SipResponse(status, reason, headers);
    }

    /// <summary>420 with the extensions we lack (RFC 3261 section 8.2.2.3).</summary>
    public static SipResponse BadExtension(ServerTransaction transaction, IEnumerable<string> unsupported)
    {
        var response = transaction.CreateResponse(420);
        response.Headers.Add(HeaderName.Unsupported, string.Join(", ", unsupported));
        return response;
    }

    /// <summary>503 with Retry-After in whole seconds (RFC 3261 section 21.5.4).</summary>
    public static SipResponse Unavailable(SipResponse response, int retryAfterSeconds)
    {
        response.Headers.Add(HeaderName.RetryAfter, retryAfterSeconds.ToString(CultureInfo.InvariantCulture));
        return response;
    }

    // The peer's own To, to the letter, with our tag behind it when it has none. The text is appended, not rebuilt, so that
    // a value we could not parse still comes back as it was.
    private static void CopyTo(SipRequest request, SipHeaders headers, string? tag)
    {
        headers.CopyFrom(request.Headers, HeaderName.To);
        var index = headers.IndexOf(HeaderName.To);
        if (index < 0 || tag is null) return;
        var parsed = Parsing.HeaderReader.Address(headers, HeaderName.To);
        if (parsed is { Tag: null }) headers.ReplaceAt(index, $"{headers.FieldAt(index).Decode().TrimEnd(';', ' ')};tag={tag}");
    }
}
