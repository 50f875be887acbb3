using System.Net;
using System.Security.Cryptography;
using ClickToDial.Sip.Messages;

namespace ClickToDial.TestKit.Phones;

/// <summary>A dialog of the called side (RFC 3261 section 12.1.1): what requests in it and answers to its INVITE carry.</summary>
internal sealed class PhoneDialog
{
    private readonly PhoneWire _wire;
    private readonly string _contact;
    private readonly List<string> _routes;
    private readonly string _local;
    private readonly string _remote;
    private readonly string _callId;
    private readonly SipUri _target;
    private uint _number;

    public PhoneDialog(PhoneWire wire, SipRequest invite, string user)
    {
        _wire = wire;
        _contact = $"<sip:{user}@{wire.ToldAddress}>";
        LocalTag = RandomNumberGenerator.GetHexString(10, lowercase: true);
        _routes = invite.Headers.GetList(HeaderName.RecordRoute);
        _local = invite.To.WithTag(LocalTag).ToString();
        _remote = invite.From.ToString();
        _callId = invite.CallId;
        _target = invite.Contact!.Uri;
    }

    public string LocalTag { get; }

    /// <summary>A response to a request of this dialog.</summary>
    public SipResponse NewResponse(SipRequest request, int status)
    {
        var response = NewResponse(request, status, LocalTag);
        if (request.Method == SipMethod.Invite) response.Headers.Set(HeaderName.Contact, _contact);
        return response;
    }

    /// <summary>A response to any request (RFC 3261 section 8.2.6.2).</summary>
    public static SipResponse NewResponse(SipRequest request, int status, string tag)
    {
        var response = new SipResponse(status);
        response.Headers
            .CopyFrom(request.Headers, HeaderName.Via)
            .Add(HeaderName.From, request.From.ToString())
            .Add(HeaderName.To, (request.To.Tag is null ? request.To.WithTag(tag) : request.To).ToString())
            .CopyFrom(request.Headers, HeaderName.CallId)
            .CopyFrom(request.Headers, HeaderName.CSeq);
        if (request.Method == SipMethod.Invite) response.Headers.CopyFrom(request.Headers, HeaderName.RecordRoute);
        return response;
    }

    public async Task<SipResponse> AskAsync(SipMethod method, byte[]? body = null, string? contentType = null)
    {
        var request = NewRequest(method, ++_number, body, contentType);
        var response = await _wire.AskAsync(request, NextHop());
        // The ACK of a 2xx is a request of its own; that of another final response belongs to the transaction and has its
        // branch (RFC 3261 sections 13.2.2.4 and 17.1.1.3).
        if (method == SipMethod.Invite) _wire.Send(Ack(request, response), NextHop());
        return response;
    }

    private SipRequest Ack(SipRequest invite, SipResponse response)
    {
        var ack = NewRequest(SipMethod.Ack, _number, null, null);
        if (!response.IsSuccess) ack.Headers.Set(HeaderName.Via, invite.TopVia.ToString());
        return ack;
    }

    private SipRequest NewRequest(SipMethod method, uint number, byte[]? body, string? contentType)
    {
        var request = _wire.NewRequest(method, _target, _local, _remote, _callId, number);
        foreach (var route in _routes) request.Headers.Add(HeaderName.Route, route);
        request.Headers.Add(HeaderName.Contact, _contact);
        if (body is not null) request.SetBody(body, contentType);
        return request;
    }

    private IPEndPoint NextHop()
    {
        var uri = _routes.Count > 0 ? NameAddress.Parse(_routes[0]).Uri : _target;
        return new IPEndPoint(IPAddress.Parse(uri.Host), uri.Port == 0 ? 5060 : uri.Port);
    }
}
