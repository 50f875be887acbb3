using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Sip.Endpoint;

/// <summary>One place where a request may go.</summary>
public sealed record SipTarget(SipFlow Flow)
{
    /// <summary>The request URI for this place; null leaves the one the request has.</summary>
    public SipUri? Uri { get; init; }

    /// <summary>The Route of this place, where <see cref="Uri"/> is given; the next hop first.</summary>
    public IReadOnlyList<string> Routes { get; init; } = [];

    /// <summary>The request as it goes there.</summary>
    internal SipRequest Address(SipRequest request)
    {
        if (Uri is null) return request;
        request.Uri = Uri.ForRequestLine();
        request.Headers.Remove(HeaderName.Route);
        foreach (var route in Routes) request.Headers.Add(HeaderName.Route, route);
        return request;
    }
}
