using ClickToDial.Sip.Messages;

namespace ClickToDial.Sip.Transactions;

/// <summary>Requests that follow from another request and belong to its transaction.</summary>
internal static class RequestFactory
{
    /// <summary>The ACK of a failure: same branch, To of the response (RFC 3261 section 17.1.1.3).</summary>
    public static SipRequest AckForFailure(SipRequest invite, SipResponse response)
    {
        var ack = Follow(invite, SipMethod.Ack);
        ack.Headers.CopyFrom(response.Headers, HeaderName.To);
        return ack;
    }

    /// <summary>The CANCEL of a request: same branch, To without our peer's tag (RFC 3261 section 9.1).</summary>
    public static SipRequest Cancel(SipRequest invite)
    {
        var cancel = Follow(invite, SipMethod.Cancel);
        cancel.Headers.CopyFrom(invite.Headers, HeaderName.To);
        return cancel;
    }

    private static SipRequest Follow(SipRequest invite, SipMethod method)
    {
        var headers = new SipHeaders(10);
        headers.Add(HeaderName.Via, invite.TopVia.ToString());
        headers.CopyFrom(invite.Headers, HeaderName.Route);
        headers.Add(HeaderName.MaxForwards, "70");
        headers.CopyFrom(invite.Headers, HeaderName.From);
        headers.CopyFrom(invite.Headers, HeaderName.CallId);
        headers.Add(HeaderName.CSeq, new CSeq(invite.CSeq.Number, method).ToString());
        return new SipRequest(method, invite.Uri, headers);
    }
}
