using ClickToDial.Sip.Messages;

namespace ClickToDial.Sip.Transactions;

/// <summary>RFC 3261 section 17.1.3: our branch and the method of the CSeq.</summary>
internal readonly record struct ClientKey(string Branch, SipMethod Method);

/// <summary>RFC 3261 section 17.2.3: branch, sent-by and method (an ACK belongs to its INVITE).</summary>
internal readonly record struct ServerKey(string Branch, string SentBy, SipMethod Method)
{
    public static ServerKey Of(SipRequest request) =>
        Of(request, request.Method == SipMethod.Ack ? SipMethod.Invite : request.Method);

    public static ServerKey Of(SipRequest request, SipMethod method)
    {
        var via = request.TopVia;
        return via.HasRfc3261Branch
            ? new ServerKey(via.Branch!, SentByText(via), method)
            : new ServerKey(Rfc2543Id(request), SentByText(via), method);
    }

    private static string SentByText(Via via) => via.Port > 0 ? $"{via.Host.ToLowerInvariant()}:{via.Port}" : via.Host.ToLowerInvariant();

    // The older rules compare headers. The To tag is left out: an INVITE has none where its ACK has ours.
    private static string Rfc2543Id(SipRequest request) =>
        $"{request.CallId}\n{request.CSeq.Number}\n{request.From.Tag}\n{request.Uri}\n{request.TopVia.Branch}";
}

/// <summary>What two copies of one request have in common that reached us over different paths (RFC 3261 section 8.2.2.2).</summary>
internal readonly record struct MergeKey(string CallId, string? FromTag, CSeq CSeq)
{
    public static MergeKey Of(SipRequest request) => new(request.CallId, request.From.Tag, request.CSeq);
}

/// <summary>Names an accepted INVITE by what its ACK will carry (RFC 3261 section 13.2.2.4).</summary>
internal readonly record struct AckKey(string CallId, string? LocalTag, string? RemoteTag, uint CSeq);
