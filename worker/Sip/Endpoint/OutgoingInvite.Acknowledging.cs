using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Sip.Endpoint;

/// <summary>ACK of successes and PRACK of reliable provisional responses.</summary>
public sealed partial class OutgoingInvite
{
    /// <summary>Sends the ACK of an accepted invite made with <see cref="ManualAck"/>.</summary>
    public void Acknowledge(Dialog dialog, ReadOnlyMemory<byte> body = default, string? contentType = null) => _endpoint.Post(() =>
    {
        if (_transaction is not null) SendAck(dialog, body, contentType);
    });

    /// <summary>
    /// Answers the offer of a reliable provisional response to an INVITE of ours without one (RFC 3262 section 5). Until then its
    /// sender gets no PRACK.
    /// </summary>
    public void AnswerProvisional(Dialog early, ReadOnlyMemory<byte> body, string contentType) => _endpoint.Post(() =>
    {
        if (_ended || _pracks is null || !_pracks.TryGetValue(early.Id.RemoteTag, out var sequence)) return;
        early.End(OpenExchanges.TheirOffer);
        SendPrack(early, sequence, body, contentType);
    });

    // RFC 3262 sections 4 and 5: an offer in the response is answered by the user, in the PRACK.
    private void Acknowledge(SipResponse response, Dialog early, uint sequence)
    {
        var offered = _transaction!.Request.Body.IsEmpty && !response.Body.IsEmpty && _pracks?.ContainsKey(early.Id.RemoteTag) != true;
        if (!response.Body.IsEmpty) early.End(OpenExchanges.OurOffer);
        if (!offered)
        {
            SendPrack(early, sequence, default, null);
            return;
        }
        early.Begin(OpenExchanges.TheirOffer);
        (_pracks ??= [])[early.Id.RemoteTag] = sequence;
    }

    private void SendPrack(Dialog early, uint sequence, ReadOnlyMemory<byte> body, string? contentType)
    {
        var prack = early.CreateRequest(SipMethod.Prack);
        prack.Headers.Add(HeaderName.RAck, new ReliableAck(sequence, _transaction!.Request.CSeq).ToString());
        prack.SetBody(body, contentType);
        _endpoint.Request(early, prack, _ => { }, _credentials);
    }

    private void SendAck(Dialog dialog, ReadOnlyMemory<byte> body, string? contentType)
    {
        var ack = dialog.CreateAck(_transaction!.Request);
        CopyCredentials(ack);
        ack.SetBody(body, contentType);
        _acks[dialog.Id.RemoteTag] = (ack, dialog);
        SendAgain(ack, dialog, again: false);
    }

    // Section 22.1: an ACK cannot be challenged, so it carries the credentials of its INVITE.
    private void CopyCredentials(SipRequest ack)
    {
        ack.Headers.CopyFrom(_transaction!.Request.Headers, HeaderName.Authorization);
        ack.Headers.CopyFrom(_transaction.Request.Headers, HeaderName.ProxyAuthorization);
    }

    private void SendAgain(SipRequest ack, Dialog dialog, bool again) => _endpoint.SendStateless(ack, DialogRoute.FlowOf(dialog), again);
}
