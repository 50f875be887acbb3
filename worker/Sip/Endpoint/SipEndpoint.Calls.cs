using ClickToDial.Sip.Authentication;
using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transport;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Sip.Endpoint;

/// <content>What calls and registrations are made of.</content>
public sealed partial class SipEndpoint
{
    internal ILogger Logger => _logger;

    /// <summary>
    /// Sends an INVITE that may form dialogs. It needs Contact, From with a tag, To, Call-ID and CSeq
    /// (<see cref="CreateRequest"/> makes them). Without a flow the next hop is looked up.
    /// </summary>
    /// <param name="registered">For a phone that registers: where from now, asked for each request of the dialogs.</param>
    public OutgoingInvite Invite(SipRequest request, SipFlow? flow, IInviteUser user, DigestClient? credentials = null, bool manualAck = false,
        Func<SipFlow?>? registered = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        var invite = new OutgoingInvite(this, user, credentials, null) { ManualAck = manualAck, Registered = registered };
        invite.Start(request, flow);
        return invite;
    }

    /// <summary>The same, to a device that keeps several flows: the next is taken when one fails before the device was heard on it.</summary>
    /// <param name="flows">At least one, the one to begin with first.</param>
    public OutgoingInvite InviteDevice(SipRequest request, IReadOnlyList<SipTarget> flows, IInviteUser user, DigestClient? credentials = null,
        Func<SipFlow?>? registered = null)
    {
        var invite = new OutgoingInvite(this, user, credentials, null) { Registered = registered };
        invite.Start(request, flows);
        return invite;
    }

    /// <summary>Sends a re-INVITE within a dialog (section 14.1), with an SDP body or, for a late offer, without.</summary>
    public OutgoingInvite Reinvite(Dialog dialog, ReadOnlyMemory<byte> body, string? contentType, IInviteUser user,
        DigestClient? credentials = null, bool manualAck = false)
    {
        ArgumentNullException.ThrowIfNull(dialog);
        var request = dialog.CreateRequest(SipMethod.Invite);
        request.Headers.Add(HeaderName.Allow, Allow);
        if (Supported is not null) request.Headers.Add(HeaderName.Supported, Supported);
        request.SetBody(body, contentType);
        var invite = new OutgoingInvite(this, user, credentials, dialog) { ManualAck = manualAck };
        invite.Start(request, DialogRoute.FlowOf(dialog));
        return invite;
    }

    /// <summary>Sends a request other than INVITE outside of dialogs; <paramref name="done"/> is called once, on the stack loop.</summary>
    public void Request(SipRequest request, SipFlow? flow, Action<RequestOutcome> done, DigestClient? credentials = null) =>
        new OutgoingRequest(this, flow, done, credentials, null).Start(request);

    /// <summary>Sends a request made by <see cref="Dialog.CreateRequest"/> along the dialog's route.</summary>
    public void Request(Dialog dialog, SipRequest request, Action<RequestOutcome> done, DigestClient? credentials = null) =>
        new OutgoingRequest(this, DialogRoute.FlowOf(dialog), done, credentials, dialog).Start(request);

    /// <summary>
    /// A request outside of dialogs with fresh Call-ID and From tag and CSeq 1 (section 8.1.1). The request URI is the target.
    /// </summary>
    public SipRequest CreateRequest(SipMethod method, SipUri target, NameAddress from, NameAddress to, SipUri? contact = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        var headers = new SipHeaders(12)
            .Add(HeaderName.MaxForwards, "70")
            .Add(HeaderName.From, (from.Tag is null ? from.WithTag(Tokens.Next()) : from).ToString())
            .Add(HeaderName.To, to.ToString())
            .Add(HeaderName.CallId, Tokens.Next())
            .Add(HeaderName.CSeq, new CSeq(1, method).ToString());
        if (contact is not null) headers.Add(HeaderName.Contact, $"<{contact}>");
        return new SipRequest(method, target.ForRequestLine(), headers);
    }
}
